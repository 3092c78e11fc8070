// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/settings/theme.h"

#include "core/chart/palette.h"

#include <QPalette>
#include <QStyle>
#include <QStyleFactory>

namespace app {

namespace {

/// The desktop's style is remembered on the application itself, so that System finds its way back.
constexpr const char* kNativeStyle = "millraceNativeStyle";

constexpr int kLighterBox = 190; // %

QColor colour(std::string_view name) {
    return QColor(QLatin1String(name.data(), static_cast<qsizetype>(name.size())));
}

QPalette paletteOf(core::Theme theme) {
    const core::Surface surface = core::surfaceOf(theme);
    const bool isDark = theme == core::Theme::Dark;
    const QColor ground = colour(surface.ground);
    const QColor text = colour(surface.text);
    const QColor window = isDark ? ground.lighter(125) : ground.darker(106);
    const QColor button = isDark ? ground.lighter(155) : ground.darker(108);
    const QColor accent = colour(core::styleOf(core::SeriesRole::Sent, theme).colour);
    QPalette palette(text, button, button.lighter(130), button.darker(150), button.darker(120), text, text, ground,
                     window);
    palette.setColor(QPalette::AlternateBase, window);
    palette.setColor(QPalette::ToolTipBase, window);
    palette.setColor(QPalette::ToolTipText, text);
    palette.setColor(QPalette::PlaceholderText, colour(surface.faint));
    palette.setColor(QPalette::Highlight, accent);
    palette.setColor(QPalette::HighlightedText, isDark ? ground : colour("#ffffff"));
    palette.setColor(QPalette::Link, accent);
    palette.setColor(QPalette::LinkVisited, accent);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
        palette.setColor(QPalette::Disabled, role, colour(surface.faint));
    }
    palette.setColor(QPalette::Disabled, QPalette::Highlight, colour(surface.grid));
    return palette;
}

} // namespace

void applyTheme(QApplication& application, ThemeChoice theme) {
    if (!application.property(kNativeStyle).isValid()) {
        application.setProperty(kNativeStyle, QApplication::style()->objectName());
    }
    if (theme == ThemeChoice::System) {
        QApplication::setStyle(QStyleFactory::create(application.property(kNativeStyle).toString()));
        QApplication::setPalette(QPalette()); // those of single classes go with it
        return;
    }
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("fusion")));
    const QPalette palette = paletteOf(theme == ThemeChoice::Dark ? core::Theme::Dark : core::Theme::Light);
    QApplication::setPalette(palette);
    for (const char* const box : {"QCheckBox", "QRadioButton"}) { // else an empty one is dark on dark
        QPalette lighter = palette;
        if (theme == ThemeChoice::Dark) {
            lighter.setColor(QPalette::Base, palette.color(QPalette::Button).lighter(kLighterBox));
        }
        QApplication::setPalette(lighter, box);
    }
}

} // namespace app
