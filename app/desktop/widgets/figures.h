// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/latency_histogram.h"
#include "core/units.h"

#include <QString>
#include <cstdint>
#include <optional>
#include <string>

/// Figures as people read them in the window: core/verdict/figure_text.h decides on digits and units, the user's locale
/// on separators.
namespace app {

/// What figure_text.h wrote, with the separators of the default locale. `figure` holds nothing but a figure and its
/// unit.
QString inLocale(const std::string& figure);

QString countFigure(std::uint64_t count);
QString rateFigure(core::Rate rate);
QString durationFigure(core::Nanoseconds duration);

/// How sizes are written: KiB, MiB (powers of two), as in scenario files, or kB, MB.
enum class ByteUnits { Binary, Decimal };
QString bytesFigure(core::Bytes bytes, ByteUnits units);
QString bytesFigure(core::Bytes bytes); ///< in the default units
/// For all figures that are written from now on, as QLocale::setDefault() is for their separators. GUI thread.
void setDefaultByteUnits(ByteUnits units);

QString percentFigure(double share);

/// What is not known.
QString unknownFigure();

/// A percentile; the dash where there are too few values for it.
QString percentileFigure(const core::LatencyHistogram& histogram, double percentile);

} // namespace app
