// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/messages/messages_page.h"

#include "app/desktop/pages/messages/message_details.h"
#include "app/desktop/widgets/empty_view.h"
#include "app/desktop/widgets/figures.h"
#include "app/desktop/widgets/hit_delegate.h"
#include "app/desktop/widgets/page_colours.h"
#include "app/desktop/widgets/plain_label.h"
#include "app/desktop/widgets/row_table.h"
#include "core/browse/message_text.h"
#include "services/archive/whole_file.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollBar>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

namespace app {

namespace {

using State = MessageSession::State;
using Way = MessageSession::Way;

/// What the filter looks for in payloads, to be marked; one text at most.
QString wantedOf(const core::MessageFilter& filter) {
    using Condition = core::MessageCondition;
    const auto found = std::ranges::find_if(filter.conditions(), [](const Condition& condition) {
        return condition.part == Condition::Part::Text ||
               (condition.part == Condition::Part::Json && condition.compare == Condition::Compare::Contains);
    });
    return found == filter.conditions().end() ? QString() : QString::fromStdString(found->value);
}

QString ageText(const std::optional<core::WallTime>& time) {
    if (!time) {
        return unknownFigure();
    }
    const auto age = std::chrono::system_clock::now() - *time;
    return durationFigure(std::max<core::Nanoseconds>(age, core::Nanoseconds::zero()));
}

} // namespace

MessagesPage::MessagesPage(MessageDoors doors, QWidget* parent) : QWidget(parent), m_session(std::move(doors)) {
    setObjectName(QStringLiteral("messagesPage"));
    setAccessibleName(tr("Messages"));
    m_filter = new MessageFilterBar(this);
    m_problem = plainLabel(QStringLiteral("problem"), this);
    m_problem->setAccessibleDescription(tr("Why the reading failed"));
    m_problem->hide();
    m_views = new QStackedWidget(this);
    m_nothing = new EmptyView;
    connect(m_nothing, &EmptyView::acted, this, &MessagesPage::actOnNothing);
    m_views->addWidget(m_nothing);
    m_views->addWidget(resultView());
    auto* column = new QVBoxLayout(this);
    column->addWidget(m_filter);
    column->addWidget(m_problem);
    column->addWidget(m_views, 1);
    column->addWidget(endRow());
    connectParts();
    setClusters({});
    showState();
}

void MessagesPage::connectParts() {
    connect(m_filter, &MessageFilterBar::startWanted, this, [this] { askFor(Awaited::Start); });
    connect(m_filter, &MessageFilterBar::topicsWanted, this, [this] { askFor(Awaited::Topics); });
    connect(m_filter, &MessageFilterBar::pauseWanted, this, &MessagesPage::pause);
    connect(m_filter, &MessageFilterBar::topicChanged, this, &MessagesPage::showFirstStep);
    connect(&m_session, &MessageSession::paged, this, &MessagesPage::takePage);
    connect(&m_session, &MessageSession::failed, this, &MessagesPage::takeFailure);
    connect(&m_session, &MessageSession::stateChanged, this, &MessagesPage::showState);
    connect(&m_session, &MessageSession::stateChanged, this, &MessagesPage::rest, Qt::QueuedConnection);
    connect(&m_session, &MessageSession::topicsListed, m_filter, &MessageFilterBar::setTopics);
    connect(&m_session, &MessageSession::topicsFailed, this, [this](const QString& reason) {
        if (m_topicsWereWanted) { // else the reading has its own words for it
            showProblem(reason);
        }
    });
    connect(m_details, &MessageDetails::saveWanted, this, &MessagesPage::chooseFile);
    m_clock.setInterval(1'000);
    connect(&m_clock, &QTimer::timeout, this, &MessagesPage::showState);
}

QWidget* MessagesPage::resultView() {
    m_splitter = new QSplitter(Qt::Vertical, this);
    m_table = rowTable(QStringLiteral("rows"), m_messages, m_splitter);
    m_table->setAccessibleName(tr("Messages, the newest last"));
    m_hits = new HitDelegate(m_table);
    m_table->setItemDelegateForColumn(MessagesModel::Payload, m_hits);
    fitColumn(*m_table, MessagesModel::Time, "0000-00-00 00:00:00.0000000");
    fitColumn(*m_table, MessagesModel::Partition, "Partition 000");
    fitColumn(*m_table, MessagesModel::Offset, "000000000000000");
    fitColumn(*m_table, MessagesModel::Key, "0192e4a0-0000-7000-8000 and so");
    fitColumn(*m_table, MessagesModel::Size, "1,023.00 KiB");
    m_details = new MessageDetails(m_splitter);
    m_splitter->addWidget(m_table);
    m_splitter->addWidget(m_details);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setSizes({380, 240});
    m_splitter->setChildrenCollapsible(false);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &MessagesPage::showChosen);
    return m_splitter;
}

QWidget* MessagesPage::endRow() {
    auto* row = new QWidget(this);
    m_state = plainLabel(QStringLiteral("state"), row);
    m_state->setAccessibleDescription(tr("State of the reading"));
    const auto button = [row](const char* name, const QString& text, const QString& accessible, const QString& tip) {
        auto* made = new QPushButton(text, row);
        made->setObjectName(QLatin1String(name));
        made->setAccessibleName(accessible);
        made->setToolTip(tip);
        return made;
    };
    m_older = button("older", tr("&Older"), tr("Read older messages"), tr("The messages before the first one shown."));
    m_newer = button("newer", tr("Ne&wer"), tr("Read newer messages"),
                     tr("The next messages of the log; behind the last of them, what comes is shown."));
    m_save = button("save", tr("Save as &JSON lines…"), tr("Save the messages as JSON lines"),
                    tr("Writes the messages that are shown to a file, one line of JSON each."));
    connect(m_older, &QPushButton::clicked, &m_session, &MessageSession::readEarlier);
    connect(m_newer, &QPushButton::clicked, &m_session, &MessageSession::readLater);
    connect(m_save, &QPushButton::clicked, this, [this] {
        const QString file = QFileDialog::getSaveFileName(this, tr("Save the messages"),
                                                          QStringLiteral("messages.jsonl"), tr("JSON lines (*.jsonl)"));
        if (!file.isEmpty()) {
            saveShown(file);
        }
    });
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins({});
    line->addWidget(m_state, 1);
    line->addWidget(m_older);
    line->addWidget(m_newer);
    line->addWidget(m_save);
    return row;
}

// --- from the user to the cluster -------------------------------------------------------------------------------

void MessagesPage::setClusters(const QList<MessageCluster>& clusters) {
    m_clusters = clusters;
    m_filter->setClusters(clusters);
    showFirstStep();
}

bool MessagesPage::chooseCluster(const QString& id) {
    return m_filter->chooseCluster(id);
}

const MessageCluster* MessagesPage::chosenCluster() const {
    const QString id = m_filter->chosenCluster();
    const auto found = std::ranges::find(m_clusters, id, &MessageCluster::id);
    return found == m_clusters.end() ? nullptr : &*found;
}

void MessagesPage::browse(const QString& topic) {
    m_filter->setTopic(topic);
    m_filter->clearFilter();
    m_filter->setStart(core::FromLast{100});
    askFor(Awaited::Start);
}

/// What lets us into the cluster is fetched first, which may ask the user.
void MessagesPage::askFor(Awaited purpose) {
    const MessageCluster* const cluster = chosenCluster();
    if (cluster == nullptr || (purpose == Awaited::Start && (m_filter->topic().isEmpty() || !m_filter->filter()))) {
        return;
    }
    m_problem->hide();
    m_awaited = purpose;
    m_waitsForAccess = cluster->id;
    if (cluster->access) {
        supplyAccess(cluster->id, *cluster->access);
    } else {
        Q_EMIT accessNeeded(cluster->id);
        showState();
    }
}

void MessagesPage::supplyAccess(const QString& id, const services::ClusterAccess& access) {
    if (id != std::exchange(m_waitsForAccess, QString())) {
        return;
    }
    m_topicsWereWanted = std::exchange(m_awaited, Awaited::Nothing) == Awaited::Topics;
    if (!m_topicsWereWanted) {
        begin(access);
    }
    if (m_topicsWereWanted || !m_filter->hasTopics()) {
        m_session.listTopics(access);
    }
}

void MessagesPage::refuseAccess(const QString& id, const QString& reason) {
    if (id == m_waitsForAccess) {
        m_waitsForAccess.clear();
        m_awaited = Awaited::Nothing;
        showProblem(reason);
        showState();
    }
}

void MessagesPage::begin(const services::ClusterAccess& access) {
    services::MessageReading reading;
    reading.cluster = access;
    reading.topic = m_filter->topic().toStdString();
    reading.partition = m_filter->partition();
    reading.start = m_filter->start();
    reading.filter = m_filter->filter().value_or(core::MessageFilter());
    reading.committedOnly = m_filter->isCommittedOnly();
    const QString wanted = wantedOf(reading.filter);
    m_hits->setWanted(wanted);
    m_details->setWanted(wanted);
    m_sum = {};
    m_savedText.clear();
    m_messages.clear();
    m_details->clear();
    m_pausedByHiding = false;
    m_session.start(reading);
    m_clock.start();
    showState();
}

void MessagesPage::pause(bool on) {
    m_pausedByHiding = false;
    if (on) {
        m_session.pause();
    } else {
        m_session.resume();
    }
}

void MessagesPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (std::exchange(m_pausedByHiding, false)) {
        m_session.resume();
    }
}

void MessagesPage::hideEvent(QHideEvent* event) {
    QWidget::hideEvent(event);
    rest();
}

/// What nobody sees is not read.
void MessagesPage::rest() {
    if (!isVisible() && m_session.state() == State::Following) {
        m_pausedByHiding = true;
        m_session.pause();
    }
}

// --- from the cluster to the screen -----------------------------------------------------------------------------

void MessagesPage::takePage(const core::MessagePage& page, Way way) {
    m_sum.lookedAt += page.lookedAt;
    m_sum.matched += page.matched;
    m_sum.passedOver += page.passedOver;
    m_sum.skipped += page.skipped;
    m_sum.forgotten += page.forgotten;
    m_sum.newest = page.newest ? std::max(m_sum.newest.value_or(*page.newest), *page.newest) : m_sum.newest;
    if (page.trouble.empty()) {
        m_problem->setVisible(!m_problem->isHidden() && m_sum.trouble.empty());
    } else {
        showProblem(tr("%1 The reading goes on as soon as it answers.").arg(QString::fromStdString(page.trouble)));
    }
    m_sum.trouble = page.trouble;
    insert(page, way);
    showState();
}

/// The list stays where it is, unless its end is in sight: then it follows.
void MessagesPage::insert(const core::MessagePage& page, Way way) {
    QScrollBar* const bar = m_table->verticalScrollBar();
    const bool wasEmpty = m_messages.rowCount() == 0;
    const bool follows = way != Way::Earlier && bar->value() == bar->maximum();
    const int before = m_messages.rowCount();
    if (way == Way::Earlier) {
        m_messages.prepend(page.messages);
        bar->setValue(bar->value() + m_messages.rowCount() - before);
    } else {
        m_messages.append(page.messages);
    }
    if (m_messages.rowCount() > 0) {
        m_views->setCurrentIndex(1);
    } else if (m_session.state() == State::Following) {
        showNothing(tr("No message that fits has come yet. What comes is shown here."), tr("Show the last messages"));
    }
    if (follows || wasEmpty) {
        m_table->scrollToBottom();
    }
    if (wasEmpty && m_messages.rowCount() > 0) {
        m_table->selectRow(m_messages.rowCount() - 1);
    }
}

void MessagesPage::takeFailure(const QString& reason) {
    m_clock.stop();
    showProblem(reason);
    showFirstStep();
    showState();
}

void MessagesPage::showProblem(const QString& reason) {
    m_problem->setText(reason);
    m_problem->show();
}

void MessagesPage::showState() {
    const State state = m_session.state();
    m_filter->showReading(state == State::Following || state == State::Paused, state == State::Paused);
    m_older->setEnabled(m_session.hasEarlier() && !m_messages.isFull());
    m_newer->setEnabled(m_session.hasLater());
    m_save->setEnabled(m_messages.rowCount() > 0);
    const bool isStale = state == State::Paused || !m_sum.trouble.empty();
    QPalette coloured = palette();
    if (isStale) {
        coloured.setColor(QPalette::WindowText, faintColour(coloured));
    }
    m_state->setPalette(coloured);
    if (!m_waitsForAccess.isEmpty()) {
        m_state->setText(tr("Asking for what the cluster needs to let us in…"));
    } else {
        m_state->setText(QStringList{placeText(), countsText(), m_savedText}.join(QLatin1Char(' ')).trimmed());
    }
}

QString MessagesPage::placeText() const {
    switch (m_session.state()) {
    case State::Opening:
        return tr("Looking for the place to begin…");
    case State::Held:
        return tr("The log goes on: Newer shows the next messages.");
    case State::Following:
        return m_sum.trouble.empty() ? tr("Following what comes.") : tr("Waiting for the cluster.");
    case State::Paused:
        return tr("Paused.");
    case State::Idle:
        break;
    }
    return {};
}

QString MessagesPage::countsText() const {
    if (m_session.state() == State::Opening || (m_session.state() == State::Idle && m_sum.lookedAt == 0)) {
        return {};
    }
    QString text = tr("Looked at: %1, match: %2, shown: %3, newest %4 ago.")
                       .arg(countFigure(m_sum.lookedAt), countFigure(m_sum.matched),
                            countFigure(static_cast<std::uint64_t>(m_messages.rowCount())), ageText(m_sum.newest));
    if (m_sum.skipped + m_sum.passedOver > 0) {
        text += QLatin1Char(' ') + tr("Skipped to keep up: %1.").arg(countFigure(m_sum.skipped + m_sum.passedOver));
    }
    if (m_sum.forgotten > 0) {
        text += QLatin1Char(' ') + tr("Deleted before they were read: %1.").arg(countFigure(m_sum.forgotten));
    }
    if (m_messages.isFull()) {
        text += QLatin1Char(' ') + tr("No more than these are kept; the oldest make room.");
    }
    return text;
}

/// Where nothing is shown and nothing is on.
void MessagesPage::showFirstStep() {
    if (m_messages.rowCount() > 0 || m_session.state() != State::Idle) {
        return;
    }
    if (m_clusters.isEmpty()) {
        showNothing(tr("The messages of any topic can be read here, but no Kafka cluster is known yet: save a "
                       "connection to one."),
                    tr("Go to Connections"));
    } else {
        showNothing(tr("The messages of a topic appear here once you choose one and start. Reading leaves no trace in "
                       "the cluster: no group is joined and nothing is committed."),
                    m_filter->topic().isEmpty() ? tr("List the topics of this connection")
                                                : tr("Show the last messages"));
    }
}

void MessagesPage::showNothing(const QString& sentence, const QString& action) {
    m_nothing->say(sentence, action);
    m_views->setCurrentIndex(0);
}

/// What the empty page offers: a cluster, its topics, or what a topic holds already.
void MessagesPage::actOnNothing() {
    if (m_clusters.isEmpty()) {
        Q_EMIT connectionsWanted();
    } else if (m_filter->topic().isEmpty()) {
        askFor(Awaited::Topics);
    } else {
        m_filter->setStart(core::FromLast{100});
        askFor(Awaited::Start);
    }
}

void MessagesPage::showChosen(const QModelIndex& chosen) {
    if (chosen.isValid()) {
        m_details->setMessage(m_messages.at(chosen.row()));
    } else {
        m_details->clear();
    }
}

// --- files ------------------------------------------------------------------------------------------------------

void MessagesPage::chooseFile(const core::TopicMessage& message) {
    const QString name = QStringLiteral("%1-%2-%3")
                             .arg(QString::fromStdString(message.topic))
                             .arg(message.partition.id)
                             .arg(message.offset.value);
    const QString file = QFileDialog::getSaveFileName(this, tr("Save the value"), name);
    if (!file.isEmpty()) {
        saveValue(message, file);
    }
}

void MessagesPage::saveShown(const QString& file) {
    save(file, [messages = m_messages.messages()] {
        std::string lines;
        for (const core::TopicMessage& message : messages) {
            lines += core::jsonLineOf(message) + "\n";
        }
        return lines;
    });
}

void MessagesPage::saveValue(const core::TopicMessage& message, const QString& file) {
    if (message.isCut()) {
        showProblem(tr("This page holds the first %1 of this value only; 'millraced messages --json' writes all of it.")
                        .arg(bytesFigure(core::Bytes{message.payload->size()})));
        return;
    }
    save(file, [bytes = message.payload.value_or("")] { return bytes; });
}

void MessagesPage::save(const QString& file, std::function<std::string()> text) {
    m_problem->hide();
    m_saving.post([this, file, text = std::move(text)]() -> JobThread::Answer {
        const core::Status written = services::writeWholeFile(file.toStdString(), text());
        return [this, file, reason = written ? std::string() : written.error().text()] {
            if (!reason.empty()) {
                showProblem(QString::fromStdString(reason));
                return;
            }
            m_savedText = tr("Saved as %1.").arg(file);
            showState();
            Q_EMIT saved(file);
        };
    });
}

QByteArray MessagesPage::layoutState() const {
    return m_splitter->saveState();
}

void MessagesPage::restoreLayoutState(const QByteArray& state) {
    m_splitter->restoreState(state);
}

} // namespace app
