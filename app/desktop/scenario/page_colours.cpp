#include "app/desktop/scenario/page_colours.h"

#include "services/report/palette.h"

namespace app {

namespace {

services::Theme schemeOf(const QPalette& palette) {
    return palette.color(QPalette::Base).lightness() < 128 ? services::Theme::Dark : services::Theme::Light;
}

QColor fromHex(std::string_view hex) {
    return QColor(QString::fromLatin1(hex.data(), static_cast<qsizetype>(hex.size())));
}

} // namespace

QColor problemColour(const QPalette& palette) {
    return fromHex(services::surfaceOf(schemeOf(palette)).failed);
}

QColor faintColour(const QPalette& palette) {
    return fromHex(services::surfaceOf(schemeOf(palette)).faint);
}

QColor keyColour(const QPalette& palette) {
    return fromHex(services::styleOf(services::SeriesRole::Sent, schemeOf(palette)).colour);
}

} // namespace app
