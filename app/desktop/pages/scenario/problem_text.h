// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/yaml/problem.h"
#include "core/yaml/yaml_tree.h"

#include <QString>

/// Problems in the words of the form, whose tables count from 1, where the command line names keys and counts from 0.
namespace app {

/// 'stream "burst", stage 2, rate' of streams[1].stages[1].rate; other keys stay as they are.
QString placeText(const std::string& path, const core::YamlNode& tree);

/// What is wrong. Streams that it speaks of are counted from 1.
QString messageText(const core::Problem& problem);

/// Both, in one line.
QString placedMessage(const core::Problem& problem, const core::YamlNode& tree);

/// With the line before it, if it has one.
QString lineOf(const core::Problem& problem, const core::YamlNode& tree);

} // namespace app
