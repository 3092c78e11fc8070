// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/scenario/problem_text.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QStringList>

namespace app {

namespace {

struct ProblemTexts { // the translator's context
    Q_DECLARE_TR_FUNCTIONS(app::ProblemText)
};

QString streamText(int index, const core::YamlNode& tree) {
    const core::YamlEntry* streams = tree.find("streams");
    const auto at = static_cast<std::size_t>(index);
    const core::YamlEntry* name =
        streams != nullptr && at < streams->value.items.size() ? streams->value.items[at].find("name") : nullptr;
    return name == nullptr || name->value.text.empty()
               ? ProblemTexts::tr("stream %1").arg(index + 1)
               : ProblemTexts::tr("stream \"%1\"").arg(QString::fromStdString(name->value.text));
}

} // namespace

QString placeText(const std::string& path, const core::YamlNode& tree) {
    static const QRegularExpression item(
        QStringLiteral("^(streams|thresholds)\\[(\\d+)\\](?:\\.stages\\[(\\d+)\\])?(?:\\.(.+))?$"));
    QString written = QString::fromStdString(path);
    const QRegularExpressionMatch found = item.match(written);
    if (!found.hasMatch()) {
        return written;
    }
    const int index = found.captured(2).toInt();
    QStringList parts;
    parts += found.captured(1) == QLatin1String("streams") ? streamText(index, tree)
                                                           : ProblemTexts::tr("rule %1").arg(index + 1);
    if (!found.captured(3).isEmpty()) {
        parts += ProblemTexts::tr("stage %1").arg(found.captured(3).toInt() + 1);
    }
    if (!found.captured(4).isEmpty()) {
        parts += found.captured(4);
    }
    return parts.join(QStringLiteral(", "));
}

QString messageText(const core::Problem& problem) {
    static const QRegularExpression stream(QStringLiteral("\\bstreams\\[(\\d+)\\]"));
    QString text = QString::fromStdString(problem.message);
    for (QRegularExpressionMatch found = stream.match(text); found.hasMatch(); found = stream.match(text)) {
        text.replace(found.capturedStart(), found.capturedLength(),
                     ProblemTexts::tr("stream %1").arg(found.captured(1).toInt() + 1));
    }
    return text;
}

QString placedMessage(const core::Problem& problem, const core::YamlNode& tree) {
    return problem.path.empty() ? messageText(problem)
                                : QStringLiteral("%1: %2").arg(placeText(problem.path, tree), messageText(problem));
}

QString lineOf(const core::Problem& problem, const core::YamlNode& tree) {
    const QString message = placedMessage(problem, tree);
    return problem.line == 0 ? message : ProblemTexts::tr("Line %1: %2").arg(problem.line).arg(message);
}

} // namespace app
