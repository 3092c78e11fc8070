// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/snapshot.h"

#include <optional>
#include <string>
#include <string_view>

namespace core {

/// A snapshot as one line of JSON: how it travels between processes. Counts, targets and the host's figures as numbers,
/// histograms as LatencyHistogram::encode() writes them; empty ones are left out. The instant stays behind, for a
/// monotonic clock means nothing elsewhere.
std::string toJson(const Snapshot& snapshot);
/// Nothing: it is no such text. Its instant is the epoch's.
std::optional<Snapshot> snapshotFromJson(std::string_view text);

} // namespace core
