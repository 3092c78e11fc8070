// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <string_view>

namespace app {

/// The word that core/measure/mark.h has for a phase or a kind, in the user's language.
QString markWord(std::string_view word);

} // namespace app
