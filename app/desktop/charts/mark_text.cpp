// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/charts/mark_text.h"

#include <QCoreApplication>
#include <array>
#include <string>

namespace app {

namespace {

// For the translators' tools, which read literals.
[[maybe_unused]] constexpr std::array kWords{
    QT_TRANSLATE_NOOP("app::MarkText", "preparing"), QT_TRANSLATE_NOOP("app::MarkText", "warm-up"),
    QT_TRANSLATE_NOOP("app::MarkText", "stages"),    QT_TRANSLATE_NOOP("app::MarkText", "drain"),
    QT_TRANSLATE_NOOP("app::MarkText", "finished"),  QT_TRANSLATE_NOOP("app::MarkText", "phase"),
    QT_TRANSLATE_NOOP("app::MarkText", "burst"),     QT_TRANSLATE_NOOP("app::MarkText", "rate"),
    QT_TRANSLATE_NOOP("app::MarkText", "pause"),     QT_TRANSLATE_NOOP("app::MarkText", "resume"),
    QT_TRANSLATE_NOOP("app::MarkText", "stop"),      QT_TRANSLATE_NOOP("app::MarkText", "rebalance"),
    QT_TRANSLATE_NOOP("app::MarkText", "fault"),     QT_TRANSLATE_NOOP("app::MarkText", "recovery"),
    QT_TRANSLATE_NOOP("app::MarkText", "rule"),      QT_TRANSLATE_NOOP("app::MarkText", "warning"),
    QT_TRANSLATE_NOOP("app::MarkText", "error"),     QT_TRANSLATE_NOOP("app::MarkText", "outage"),
    QT_TRANSLATE_NOOP("app::MarkText", "message")};
constexpr auto kContext = "app::MarkText";

} // namespace

QString markWord(std::string_view word) {
    return QCoreApplication::translate(kContext, std::string(word).c_str());
}

} // namespace app
