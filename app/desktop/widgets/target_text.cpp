// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/widgets/target_text.h"

#include <QCoreApplication>

namespace app {

namespace {

struct TargetText {
    Q_DECLARE_TR_FUNCTIONS(app::TargetText)
};

} // namespace

QString targetText(const core::Target& target) {
    if (target.isEmbedded()) {
        return TargetText::tr("embedded");
    }
    const core::ShownTarget shown = target.shown();
    if (!target.broker.isEmbedded()) {
        return QString::fromStdString(shown.broker);
    }
    return TargetText::tr("embedded broker, %1")
        .arg(QString::fromStdString(target.store.isEmbedded() ? shown.dedupe : shown.store));
}

} // namespace app
