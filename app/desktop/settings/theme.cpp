// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/settings/theme.h"

#include "core/chart/palette.h"

#include <QPalette>
#include <QStyle>
#include <QStyleFactory>
#include <algorithm>
#include <cmath>

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

/// WCAG 2.1's contrast of two colours, from its relative luminances.
double contrastOf(const QColor& one, const QColor& other) {
    const auto luminance = [](const QColor& colour) {
        const auto linear = [](double share) {
            return share <= 0.04045 ? share / 12.92 : std::pow((share + 0.055) / 1.055, 2.4);
        };
        return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
    };
    const auto [less, more] = std::minmax({luminance(one), luminance(other)});
    return (more + 0.05) / (less + 0.05);
}

/// As near to `colour` on the way to `end` as the least contrast with `ground` allows.
QColor readable(const QColor& colour, const QColor& end, const QColor& ground) {
    constexpr double kLeast = 5.2; // 4.5, and a rest for thin letters, whose pixels are mixed with the ground
    constexpr int kSteps = 20;
    QColor found = colour;
    for (int i = 1; i <= kSteps && contrastOf(found, ground) < kLeast; ++i) {
        const auto between = [share = 1.0 * i / kSteps](float from, float to) {
            return static_cast<float>(from + (to - from) * share);
        };
        found = QColor::fromRgbF(between(colour.redF(), end.redF()), between(colour.greenF(), end.greenF()),
                                 between(colour.blueF(), end.blueF()));
    }
    return found;
}

/// As it looks on the ground: a text's colour is often let through.
QColor laidOn(const QColor& colour, const QColor& ground) {
    const auto mixed = [share = colour.alphaF()](float over, float under) { return under + (over - under) * share; };
    return QColor::fromRgbF(mixed(colour.redF(), ground.redF()), mixed(colour.greenF(), ground.greenF()),
                            mixed(colour.blueF(), ground.blueF()));
}

/// What the desktop's own palette makes too faint to be read; what is not set stays the desktop's.
QPalette corrections(const QPalette& palette) {
    QPalette corrected;
    for (const auto group : {QPalette::Active, QPalette::Inactive}) {
        const auto correct = [&](QPalette::ColorRole role, const QColor& colour, const QColor& end,
                                 const QColor& ground) {
            if (const QColor found = readable(colour, end, ground); found != colour) {
                corrected.setColor(group, role, found);
            }
        };
        const QColor base = palette.color(group, QPalette::Base);
        correct(QPalette::PlaceholderText, laidOn(palette.color(group, QPalette::PlaceholderText), base),
                palette.color(group, QPalette::Text), base);
        const QColor chosen = palette.color(group, QPalette::HighlightedText);
        correct(QPalette::Highlight, palette.color(group, QPalette::Highlight),
                chosen.lightnessF() > 0.5F ? Qt::black : Qt::white, chosen);
    }
    return corrected;
}

} // namespace

void applyTheme(QApplication& application, ThemeChoice theme) {
    if (!application.property(kNativeStyle).isValid()) {
        application.setProperty(kNativeStyle, QApplication::style()->objectName());
    }
    if (theme == ThemeChoice::System) {
        QApplication::setStyle(QStyleFactory::create(application.property(kNativeStyle).toString()));
        QApplication::setPalette(QPalette()); // those of single classes go with it
        QApplication::setPalette(corrections(QApplication::palette()));
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
