// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/archive/report_export.h"

namespace app {

/// Writes PNG pictures (twice the size of a chart's pixels, for sharp screens and paper) and PDF (A4) with Qt. Needs no
/// display: where there is no application yet, one is created on the offscreen platform for the time of the call. May
/// be used on any thread where there is one.
services::PictureExporter pictureExporter();

} // namespace app
