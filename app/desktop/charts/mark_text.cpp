// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/charts/mark_text.h"

#include <QCoreApplication>
#include <array>

namespace app {

namespace {

struct Label {
    const char* word; // as in the result file
    const char* text;
};
constexpr const char* kContext = "app::MarkText";
constexpr std::array kPhases{Label{"warm-up", QT_TRANSLATE_NOOP("app::MarkText", "warm-up")},
                             Label{"preparing", QT_TRANSLATE_NOOP("app::MarkText", "preparing")},
                             Label{"stages", QT_TRANSLATE_NOOP("app::MarkText", "stages")},
                             Label{"drain", QT_TRANSLATE_NOOP("app::MarkText", "drain")},
                             Label{"finished", QT_TRANSLATE_NOOP("app::MarkText", "finished")}};
constexpr std::array kKinds{Label{"burst", QT_TRANSLATE_NOOP("app::MarkText", "burst")},
                            Label{"rate", QT_TRANSLATE_NOOP("app::MarkText", "rate changed")},
                            Label{"pause", QT_TRANSLATE_NOOP("app::MarkText", "pause")},
                            Label{"resume", QT_TRANSLATE_NOOP("app::MarkText", "resume")},
                            Label{"stop", QT_TRANSLATE_NOOP("app::MarkText", "stop")},
                            Label{"rebalance", QT_TRANSLATE_NOOP("app::MarkText", "rebalance")},
                            Label{"fault", QT_TRANSLATE_NOOP("app::MarkText", "fault")},
                            Label{"rule", QT_TRANSLATE_NOOP("app::MarkText", "rule broken")},
                            Label{"warning", QT_TRANSLATE_NOOP("app::MarkText", "warning")},
                            Label{"error", QT_TRANSLATE_NOOP("app::MarkText", "error")}};

template <typename Labels>
QString found(const Labels& labels, const std::string& word) {
    for (const Label& label : labels) {
        if (word == label.word) {
            return QCoreApplication::translate(kContext, label.text);
        }
    }
    return QString::fromStdString(word);
}

} // namespace

QString markText(const core::Mark& mark) {
    return mark.kind == "phase" ? found(kPhases, mark.text) : found(kKinds, mark.kind);
}

} // namespace app
