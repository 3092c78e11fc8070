// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/messages/message_filter_bar.h"

#include "app/desktop/widgets/flow_layout.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDateTimeEdit>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpressionValidator>
#include <QSpinBox>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>

namespace app {

namespace {

enum MessagePlaceChoice { AtEnd, AtBeginning, AtLast, AtOffset, AtTime };

constexpr int kLastAtFirst = 100;
constexpr int kMostLast = 1'000; // that of a page
constexpr int kMostPartitions = 100'000;

template <typename Widget>
Widget* told(Widget* widget, const QString& objectName, const QString& accessibleName, const QString& toolTip) {
    widget->setObjectName(objectName);
    widget->setAccessibleName(accessibleName);
    widget->setToolTip(toolTip);
    return widget;
}

/// The label and its field, which stay in one row.
QWidget* labelled(const QString& text, QWidget* field, QWidget* parent, QWidget* further = nullptr) {
    auto* both = new QWidget(parent);
    auto* label = new QLabel(text, both);
    label->setBuddy(field);
    auto* line = new QHBoxLayout(both);
    line->setContentsMargins({});
    line->addWidget(label);
    line->addWidget(field, 1);
    if (further != nullptr) {
        line->addWidget(further);
    }
    return both;
}

} // namespace

MessageFilterBar::MessageFilterBar(QWidget* parent) : QWidget(parent) {
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins({});
    rows->addWidget(topicRow());
    rows->addWidget(filterRow());
    m_filterProblem = new QLabel(this);
    m_filterProblem->setObjectName(QStringLiteral("filterProblem"));
    m_filterProblem->setAccessibleDescription(tr("What is wrong with the filter"));
    m_filterProblem->setTextFormat(Qt::PlainText);
    m_filterProblem->setWordWrap(true);
    m_filterProblem->hide();
    rows->addWidget(m_filterProblem);
    showReading(false, false);
    setClusters({});
    checkStart();
    connect(m_start, &QPushButton::clicked, this, &MessageFilterBar::startWanted);
    connect(m_pause, &QPushButton::toggled, this, &MessageFilterBar::pauseWanted);
    connect(m_list, &QPushButton::clicked, this, &MessageFilterBar::topicsWanted);
    connect(m_filter, &QLineEdit::returnPressed, m_start, &QPushButton::click);
    connect(m_topic->lineEdit(), &QLineEdit::returnPressed, m_start, &QPushButton::click);
    connect(m_filter, &QLineEdit::textChanged, this, &MessageFilterBar::checkFilter);
    connect(m_topic, &QComboBox::editTextChanged, this, &MessageFilterBar::checkStart);
    connect(m_topic, &QComboBox::editTextChanged, this, &MessageFilterBar::topicChanged);
    connect(m_place, &QComboBox::currentIndexChanged, this, [this](int place) {
        m_placeValue->setVisible(place >= AtLast);
        m_placeValue->setCurrentIndex(std::max(place - AtLast, 0));
    });
    connect(m_cluster, &QComboBox::activated, m_topic, &QComboBox::clear); // those were another cluster's
}

QWidget* MessageFilterBar::topicRow() {
    auto* row = new QWidget(this);
    auto* line = new FlowLayout(row);
    line->setContentsMargins({});
    m_cluster = told(new QComboBox(row), QStringLiteral("cluster"), tr("Connection"),
                     tr("The Kafka cluster of a saved connection, or that of the last run."));
    m_cluster->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_cluster->setMinimumContentsLength(16);
    m_topic = told(new QComboBox(row), QStringLiteral("topic"), tr("Topic"),
                   tr("The topic to read. Choose one from the list, or type its name."));
    m_topic->setEditable(true);
    m_topic->setInsertPolicy(QComboBox::NoInsert);
    m_topic->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_topic->setMinimumContentsLength(24);
    m_topic->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_topic->lineEdit()->setPlaceholderText(tr("name of a topic"));
    m_topic->lineEdit()->setAccessibleName(tr("Name of the topic"));
    m_list = told(new QPushButton(tr("&List topics"), row), QStringLiteral("listTopics"), tr("List the topics"),
                  tr("Asks the cluster which topics there are."));
    m_partition = told(new QSpinBox(row), QStringLiteral("partition"), tr("Partition"),
                       tr("One partition alone, or all of them together, in the order of their messages' times."));
    m_partition->setRange(-1, kMostPartitions);
    m_partition->setSpecialValueText(tr("all"));
    m_partition->setValue(-1);
    line->addWidget(labelled(tr("Co&nnection"), m_cluster, row));
    auto* topic = labelled(tr("&Topic"), m_topic, row, m_list);
    topic->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    line->addWidget(topic);
    line->addWidget(labelled(tr("&Partition"), m_partition, row));
    line->addWidget(placeChoice(row));
    return row;
}

QWidget* MessageFilterBar::placeChoice(QWidget* parent) {
    m_place = told(new QComboBox(parent), QStringLiteral("place"), tr("Where to begin"),
                   tr("Where the reading begins. What comes after the last message is shown as it comes."));
    m_place->addItems(
        {tr("what comes now"), tr("the oldest message"), tr("the last messages"), tr("an offset"), tr("a time")});
    m_last = told(new QSpinBox(parent), QStringLiteral("last"), tr("How many of the last messages"),
                  tr("So many of the newest messages of all partitions together."));
    m_last->setRange(1, kMostLast);
    m_last->setValue(kLastAtFirst);
    m_offset = told(new QLineEdit(QStringLiteral("0"), parent), QStringLiteral("offset"), tr("Offset"),
                    tr("An offset of the partition that is named; each partition counts its own."));
    m_offset->setValidator(
        new QRegularExpressionValidator(QRegularExpression(QStringLiteral("[0-9]{1,18}")), m_offset));
    m_time = told(new QDateTimeEdit(QDateTime::currentDateTime().addSecs(-3'600), parent), QStringLiteral("time"),
                  tr("Time"), tr("Local time. In each partition the first message of this time or later comes first."));
    m_time->setDisplayFormat(QStringLiteral("yyyy-MM-dd HH:mm:ss"));
    m_time->setCalendarPopup(true);
    m_placeValue = new QStackedWidget(parent);
    m_placeValue->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    for (QWidget* const value :
         {static_cast<QWidget*>(m_last), static_cast<QWidget*>(m_offset), static_cast<QWidget*>(m_time)}) {
        m_placeValue->addWidget(value);
    }
    m_placeValue->hide();
    return labelled(tr("&Begin with"), m_place, parent, m_placeValue);
}

QWidget* MessageFilterBar::filterRow() {
    auto* row = new QWidget(this);
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins({});
    m_filter = told(new QLineEdit(row), QStringLiteral("filter"), tr("Filter"),
                    tr("Only messages that fulfil all conditions, as: key = order-17 and header source = web and json "
                       "user.age >= 18 and text contains \"payment failed\". Empty: all messages."));
    m_filter->setPlaceholderText(
        tr("all messages, or for example: json level = ERROR and text contains \"timed out\""));
    m_filter->setMaxLength(static_cast<int>(core::MessageFilter::kLongest) / 4); // bytes, of which a letter has up to 4
    m_filter->setClearButtonEnabled(true);
    m_committed = told(new QCheckBox(tr("Co&mmitted only"), row), QStringLiteral("committed"), tr("Committed only"),
                       tr("Leaves out messages of transactions that were aborted or are still open."));
    m_start = told(new QPushButton(tr("&Start"), row), QStringLiteral("start"), tr("Start reading"),
                   tr("Reads the topic anew. No group is joined and nothing is committed."));
    m_pause = told(new QPushButton(tr("P&ause"), row), QStringLiteral("pause"), tr("Pause"),
                   tr("Holds the list still, until it is pressed again. What comes meanwhile waits in the cluster."));
    m_pause->setCheckable(true);
    line->addWidget(labelled(tr("F&ilter"), m_filter, row), 1);
    line->addWidget(m_committed);
    line->addWidget(m_start);
    line->addWidget(m_pause);
    return row;
}

void MessageFilterBar::setClusters(const QList<MessageCluster>& clusters) {
    const QString before = chosenCluster();
    m_cluster->clear();
    for (const MessageCluster& cluster : clusters) {
        m_cluster->addItem(cluster.name, cluster.id);
    }
    if (!chooseCluster(before) && !clusters.isEmpty()) {
        m_cluster->setCurrentIndex(0);
    }
    m_list->setEnabled(!clusters.isEmpty());
    checkStart();
}

QString MessageFilterBar::chosenCluster() const {
    return m_cluster->currentData().toString();
}

bool MessageFilterBar::chooseCluster(const QString& id) {
    const int index = m_cluster->findData(id);
    if (index >= 0) {
        m_cluster->setCurrentIndex(index);
    }
    return index >= 0;
}

void MessageFilterBar::setTopics(const QStringList& topics) {
    const QString before = topic();
    m_topic->clear();
    m_topic->addItems(topics);
    m_topic->setEditText(before.isEmpty() && !topics.isEmpty() ? topics.front() : before);
}

bool MessageFilterBar::hasTopics() const {
    return m_topic->count() > 0;
}

QString MessageFilterBar::topic() const {
    return m_topic->currentText().trimmed();
}

void MessageFilterBar::setTopic(const QString& topic) {
    m_topic->setEditText(topic);
}

std::optional<core::Partition> MessageFilterBar::partition() const {
    return m_partition->value() < 0 ? std::nullopt : std::optional(core::Partition{m_partition->value()});
}

core::ReadingStart MessageFilterBar::start() const {
    switch (m_place->currentIndex()) {
    case AtBeginning:
        return core::FromBeginning();
    case AtLast:
        return core::FromLast{static_cast<std::size_t>(m_last->value())};
    case AtOffset:
        return core::FromOffset{{m_offset->text().toLongLong()}};
    case AtTime:
        return core::FromTime{core::WallTime(std::chrono::milliseconds(m_time->dateTime().toMSecsSinceEpoch()))};
    default:
        return core::FromEnd();
    }
}

void MessageFilterBar::setStart(const core::ReadingStart& start) {
    const auto* const last = std::get_if<core::FromLast>(&start);
    m_place->setCurrentIndex(last != nullptr ? AtLast : AtEnd);
    if (last != nullptr) {
        m_last->setValue(static_cast<int>(std::min<std::size_t>(last->count, kMostLast)));
    }
}

bool MessageFilterBar::isCommittedOnly() const {
    return m_committed->isChecked();
}

std::optional<core::MessageFilter> MessageFilterBar::filter() const {
    const auto parsed = core::MessageFilter::parse(m_filter->text().toStdString());
    return parsed ? std::optional(*parsed) : std::nullopt;
}

void MessageFilterBar::clearFilter() {
    m_filter->clear();
}

void MessageFilterBar::checkFilter() {
    const auto parsed = core::MessageFilter::parse(m_filter->text().toStdString());
    m_filterProblem->setVisible(!parsed);
    if (!parsed) {
        m_filterProblem->setText(tr("The filter, %1").arg(QString::fromStdString(parsed.error().text())));
    }
    checkStart();
}

void MessageFilterBar::checkStart() {
    m_start->setEnabled(m_cluster->count() > 0 && !topic().isEmpty() && m_filterProblem->isHidden());
}

void MessageFilterBar::showReading(bool on, bool paused) {
    const QSignalBlocker quiet(m_pause);
    m_pause->setEnabled(on);
    m_pause->setChecked(paused);
}

} // namespace app
