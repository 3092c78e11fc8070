// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/chart/palette.h"

#include <QList>
#include <QPointF>
#include <QRectF>
#include <QString>
#include <optional>
#include <vector>

class QFont;

namespace app {

/// What a plot shows, as a value: everything that painting it needs, in the units of its axes.
struct Plot {
    struct Tick {
        double value = 0;
        QString label;
    };
    struct Axis {
        double lowest = 0, highest = 1; ///< lowest < highest; both above 0 where logarithmic
        bool logarithmic = false;
        std::vector<Tick> ticks;

        double share(double value) const; ///< 0 at the lowest, 1 at the highest
    };
    struct Line {
        core::SeriesStyle style;
        bool secondAxis = false;
        std::vector<QList<QPointF>> pieces; ///< finite and within the axes; above 0 where the axis is logarithmic
    };
    struct Upright { ///< a vertical line
        double at = 0;
        QString label;
        core::SeriesRole role = core::SeriesRole::Mark;
    };
    struct Level { ///< a horizontal line
        double at = 0;
        QString label;
    };
    struct Shade { ///< a stretch of x
        double from = 0, until = 0;
        QString label;
    };

    Axis x, y;
    std::optional<Axis> second; ///< at the right
    std::vector<Shade> shades;
    std::vector<Line> lines;
    std::vector<Upright> uprights;
    std::optional<Level> limit;

    const Axis& yOf(const Line& line) const { return line.secondAxis && second ? *second : y; }
};

/// Where in `whole` the lines are. The margins depend on the font alone, so charts of one width under each other line
/// up and the area stays where it is when the figures grow.
QRectF plotArea(const QRectF& whole, const QFont& font);

/// How many ticks with labels there is room for.
int ticksAcross(const QRectF& area, const QFont& font);
int ticksUp(const QRectF& area, const QFont& font);

} // namespace app
