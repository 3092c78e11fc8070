// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/live/phase_text.h"

#include "app/desktop/widgets/figures.h"

#include <QCoreApplication>

namespace app {

namespace {

struct PhaseTexts { // the translator's context
    Q_DECLARE_TR_FUNCTIONS(app::PhaseText)
};

/// Its middle goes: the end says which of how many.
QString elidedStage(const QString& stage, int letters) {
    return stage.size() <= letters ? stage : stage.left(letters / 2) + QChar(0x2026) + stage.right(letters / 2 - 1);
}

QString phaseWord(const core::RunStatus& status, int letters) {
    switch (status.phase) {
    case core::Phase::Preparing:
        return PhaseTexts::tr("getting ready");
    case core::Phase::Warmup:
        return PhaseTexts::tr("warm-up");
    case core::Phase::Stages:
        return status.stage.empty()
                   ? PhaseTexts::tr("stages")
                   : PhaseTexts::tr("stage %1").arg(elidedStage(QString::fromStdString(status.stage), letters));
    case core::Phase::Drain:
        return PhaseTexts::tr("drain");
    case core::Phase::Finished:
        return PhaseTexts::tr("finished");
    }
    Q_UNREACHABLE();
}

} // namespace

QString phaseText(const core::RunStatus& status, int stageLetters) {
    const QString phase = phaseWord(status, stageLetters);
    const QString word = status.paused ? PhaseTexts::tr("paused in %1").arg(phase) : phase;
    if (status.left <= core::Nanoseconds::zero()) {
        return word;
    }
    return PhaseTexts::tr("%1, %2 left")
        .arg(word, durationFigure(std::chrono::ceil<std::chrono::seconds>(status.left)));
}

} // namespace app
