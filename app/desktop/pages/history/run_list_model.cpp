// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/history/run_list_model.h"

#include "app/desktop/widgets/figures.h"
#include "app/desktop/widgets/page_colours.h"
#include "core/text/figure_text.h"

#include <QDateTime>
#include <QGuiApplication>
#include <QLocale>

namespace app {

namespace {

using services::CatalogueEntry;
using Columns = RunListModel::Column;

QDateTime startOf(const CatalogueEntry& run) {
    return QDateTime::fromString(QString::fromStdString(run.started), Qt::ISODateWithMs).toLocalTime();
}

bool isKnown(const CatalogueEntry& run) {
    return run.state != CatalogueEntry::State::Damaged && run.state != CatalogueEntry::State::Newer;
}

bool hasFigures(const CatalogueEntry& run) {
    return isKnown(run) && run.state != CatalogueEntry::State::Stored;
}

QString nameOf(const CatalogueEntry& run) {
    return QString::fromStdString(isKnown(run) ? run.name : run.folder.filename().string());
}

QString statusWord(core::VerdictStatus status) {
    switch (status) {
    case core::VerdictStatus::Passed:
        return RunListModel::tr("passed");
    case core::VerdictStatus::Failed:
        return RunListModel::tr("failed");
    case core::VerdictStatus::Lost:
        return RunListModel::tr("lost or doubled");
    case core::VerdictStatus::Invalid:
        return RunListModel::tr("invalid");
    case core::VerdictStatus::Unreachable:
        return RunListModel::tr("unreachable");
    case core::VerdictStatus::Interrupted:
        return RunListModel::tr("interrupted");
    case core::VerdictStatus::Internal:
        return RunListModel::tr("internal error");
    }
    Q_UNREACHABLE();
}

QString verdictOf(const CatalogueEntry& run) {
    switch (run.state) {
    case CatalogueEntry::State::Damaged:
        return RunListModel::tr("damaged");
    case CatalogueEntry::State::Newer:
        return RunListModel::tr("of a newer Millrace");
    case CatalogueEntry::State::Killed:
        return RunListModel::tr("killed");
    case CatalogueEntry::State::Running:
        return RunListModel::tr("running");
    case CatalogueEntry::State::Stored:
        if (!run.problem.empty()) {
            return RunListModel::tr("not finished");
        }
        break;
    case CatalogueEntry::State::Readable:
        break;
    }
    const std::string_view sign = signOf(run.status);
    return QString::fromUtf8(sign.data(), static_cast<qsizetype>(sign.size())) + QLatin1Char(' ') +
           statusWord(run.status);
}

QString tagsOf(const CatalogueEntry& run) {
    QStringList tags;
    if (run.baseline) {
        tags += RunListModel::tr("baseline");
    }
    for (const std::string& tag : run.tags) {
        tags += QString::fromStdString(tag);
    }
    return tags.join(QStringLiteral(", "));
}

core::Nanoseconds lengthOf(const CatalogueEntry& run) {
    return std::chrono::duration_cast<core::Nanoseconds>(std::chrono::duration<double>(run.seconds));
}

QString p99Of(const CatalogueEntry& run) {
    if (!run.endToEndP99Ms) {
        return unknownFigure();
    }
    const QString figure = durationFigure(
        std::chrono::duration_cast<core::Nanoseconds>(std::chrono::duration<double, std::milli>(*run.endToEndP99Ms)));
    return run.onEmbeddedBroker ? RunListModel::tr("%1 (embedded broker)").arg(figure) : figure;
}

QString shown(const CatalogueEntry& run, int column) {
    switch (column) {
    case Columns::Started:
        return isKnown(run) ? QLocale().toString(startOf(run), QLocale::ShortFormat) : unknownFigure();
    case Columns::Name:
        return nameOf(run);
    case Columns::Verdict:
        return verdictOf(run);
    case Columns::Stored:
        return hasFigures(run) ? rateFigure({run.storedRate}) : unknownFigure();
    case Columns::P99:
        return p99Of(run);
    case Columns::Length:
        return hasFigures(run) ? durationFigure(lengthOf(run)) : unknownFigure();
    case Columns::Size:
        return run.state == CatalogueEntry::State::Stored ? unknownFigure() : bytesFigure({run.bytes});
    case Columns::Tags:
        return tagsOf(run);
    default:
        return {};
    }
}

QVariant sorted(const CatalogueEntry& run, int column) {
    switch (column) {
    case Columns::Started:
        return startOf(run);
    case Columns::Stored:
        return run.storedRate;
    case Columns::P99:
        return run.endToEndP99Ms.value_or(-1);
    case Columns::Length:
        return run.seconds;
    case Columns::Size:
        return static_cast<double>(run.bytes);
    default:
        return shown(run, column);
    }
}

bool isFigure(int column) {
    return column == Columns::Stored || column == Columns::P99 || column == Columns::Length || column == Columns::Size;
}

bool isWell(const CatalogueEntry& run) {
    const bool judged = run.state == CatalogueEntry::State::Readable || run.state == CatalogueEntry::State::Stored;
    return run.state == CatalogueEntry::State::Running ||
           (judged && run.problem.empty() && run.status == core::VerdictStatus::Passed);
}

Qt::Alignment alignment(int column) {
    return (isFigure(column) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter;
}

} // namespace

QString runTip(const CatalogueEntry& run) {
    const QString folder = QString::fromStdString(run.folder.string());
    const QString words = QString::fromStdString(run.problem.empty() ? run.summary : run.problem);
    return (words + QLatin1Char('\n') + folder).toHtmlEscaped().replace(QLatin1Char('\n'), QStringLiteral("<br>"));
}

void RunListModel::setRuns(std::vector<CatalogueEntry> runs) {
    beginResetModel();
    m_runs = std::move(runs);
    endResetModel();
}

int RunListModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_runs.size());
}

int RunListModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant RunListModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return {};
    }
    const CatalogueEntry& run = this->run(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return shown(run, index.column());
    case kSortRole:
        return sorted(run, index.column());
    case Qt::ToolTipRole:
        return runTip(run);
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(alignment(index.column()));
    case Qt::ForegroundRole:
        return index.column() == Verdict && !isWell(run) ? QVariant(problemColour(QGuiApplication::palette()))
                                                         : QVariant();
    default:
        return {};
    }
}

QVariant RunListModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) {
        return {};
    }
    if (role == Qt::TextAlignmentRole) {
        return QVariant::fromValue(alignment(section));
    }
    const QStringList titles{tr("Started"),        tr("Name"),   tr("Verdict"), tr("Stored"),
                             tr("End-to-end p99"), tr("Length"), tr("Size"),    tr("Tags")};
    return role == Qt::DisplayRole ? QVariant(titles.value(section)) : QVariant();
}

} // namespace app
