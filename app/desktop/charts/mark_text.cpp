// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/charts/mark_text.h"

#include <QCoreApplication>

namespace app {

namespace {

struct MarkTexts { // the translator's context
    Q_DECLARE_TR_FUNCTIONS(app::MarkText)
};

QString phaseText(core::Phase phase) {
    switch (phase) {
    case core::Phase::Preparing:
        return MarkTexts::tr("preparing");
    case core::Phase::Warmup:
        return MarkTexts::tr("warm-up");
    case core::Phase::Stages:
        return MarkTexts::tr("stages");
    case core::Phase::Drain:
        return MarkTexts::tr("drain");
    case core::Phase::Finished:
        return MarkTexts::tr("finished");
    }
    return {};
}

} // namespace

QString kindText(core::MarkKind kind) {
    switch (kind) {
    case core::MarkKind::Phase:
        return MarkTexts::tr("phase");
    case core::MarkKind::Burst:
        return MarkTexts::tr("burst");
    case core::MarkKind::Rate:
        return MarkTexts::tr("rate changed");
    case core::MarkKind::Pause:
        return MarkTexts::tr("pause");
    case core::MarkKind::Resume:
        return MarkTexts::tr("resume");
    case core::MarkKind::Stop:
        return MarkTexts::tr("stop");
    case core::MarkKind::Rebalance:
        return MarkTexts::tr("rebalance");
    case core::MarkKind::Fault:
        return MarkTexts::tr("fault");
    case core::MarkKind::Recovery:
        return MarkTexts::tr("recovery");
    case core::MarkKind::Rule:
        return MarkTexts::tr("rule broken");
    case core::MarkKind::Warning:
        return MarkTexts::tr("warning");
    case core::MarkKind::Error:
        return MarkTexts::tr("error");
    case core::MarkKind::Message:
        return MarkTexts::tr("message");
    }
    return {};
}

QString markText(const core::Mark& mark) {
    return mark.kind == core::MarkKind::Phase && mark.detail.empty() ? phaseText(mark.phase) : kindText(mark.kind);
}

} // namespace app
