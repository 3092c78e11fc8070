// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/scenario/problem_lookup.h"

#include "app/desktop/pages/scenario/problem_text.h"

#include <QStringList>

namespace app {

namespace {

template <typename IsMeant>
QString messages(const std::vector<core::Problem>& problems, const IsMeant& isMeant) {
    QStringList lines;
    for (const core::Problem& problem : problems) {
        if (isMeant(problem.path)) {
            lines += messageText(problem);
        }
    }
    return lines.join(QLatin1Char('\n'));
}

} // namespace

QString messagesBelow(const std::vector<core::Problem>& problems, const QString& path) {
    const std::string wanted = path.toStdString();
    return messages(problems, [&wanted](const std::string& at) {
        return at == wanted || (at.starts_with(wanted) && (at[wanted.size()] == '.' || at[wanted.size()] == '['));
    });
}

QString messagesAt(const std::vector<core::Problem>& problems, const QString& path) {
    const std::string wanted = path.toStdString();
    return messages(problems, [&wanted](const std::string& at) { return at == wanted; });
}

} // namespace app
