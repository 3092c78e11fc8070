// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/logs/log_filter_bar.h"

#include "app/desktop/widgets/flow_layout.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDateTimeEdit>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace app {

namespace {

constexpr int kLongestText = 1'000; ///< characters; a store takes more, but nobody types them

template <typename Widget>
Widget* named(Widget* widget, const QString& objectName, const QString& accessibleName, const QString& toolTip) {
    widget->setObjectName(objectName);
    widget->setAccessibleName(accessibleName);
    widget->setToolTip(toolTip);
    return widget;
}

QLabel* labelFor(QWidget* buddy, const QString& text) {
    auto* label = new QLabel(text, buddy->parentWidget());
    label->setBuddy(buddy);
    return label;
}

core::WallTime wallTimeOf(const QDateTime& time) {
    return core::WallTime(std::chrono::milliseconds(time.toMSecsSinceEpoch()));
}

QDateTimeEdit* timeEdit(QWidget* parent, const QDateTime& time) {
    auto* edit = new QDateTimeEdit(time, parent);
    edit->setDisplayFormat(QStringLiteral("yyyy-MM-dd HH:mm:ss"));
    edit->setCalendarPopup(true);
    edit->setEnabled(false);
    return edit;
}

/// Two that stay in one row.
QWidget* together(QWidget* first, QWidget* second, QWidget* parent) {
    auto* both = new QWidget(parent);
    auto* line = new QHBoxLayout(both);
    line->setContentsMargins({});
    line->addWidget(first);
    line->addWidget(second);
    return both;
}

} // namespace

LogFilterBar::LogFilterBar(QWidget* parent) : QWidget(parent) {
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins({});
    rows->addWidget(storeRow());
    rows->addWidget(filterRow());
    showSearching(false);
    for (QLineEdit* edit : {m_source, m_text}) {
        connect(edit, &QLineEdit::returnPressed, this, &LogFilterBar::searchWanted);
    }
    connect(m_search, &QPushButton::clicked, this, &LogFilterBar::searchWanted);
    connect(m_stop, &QPushButton::clicked, this, &LogFilterBar::stopWanted);
    connect(m_store, &QComboBox::activated, this, [this] { Q_EMIT storeChosen(chosenStore()); });
}

QWidget* LogFilterBar::storeRow() {
    auto* row = new QWidget(this);
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins({});
    m_store = named(new QComboBox(row), QStringLiteral("store"), tr("Store to search"),
                    tr("Where the events were stored: a run's own file, or the PostgreSQL of a connection."));
    m_store->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_store->setMinimumContentsLength(24);
    m_source = named(new QLineEdit(row), QStringLiteral("source"), tr("Source"),
                     tr("Names of sources as they were stored, with commas between them. Empty: all."));
    m_source->setPlaceholderText(tr("all sources"));
    m_text = named(new QLineEdit(row), QStringLiteral("text"), tr("Text in the message"),
                   tr("Found anywhere in the message, in upper or lower case. %, _ and * stand for themselves."));
    m_text->setPlaceholderText(tr("anything"));
    m_text->setMaxLength(kLongestText);
    m_text->setClearButtonEnabled(true);
    m_search = named(new QPushButton(tr("Se&arch"), row), QStringLiteral("search"), tr("Search"),
                     tr("Looks for the newest events that fit."));
    m_stop = named(new QPushButton(tr("Sto&p"), row), QStringLiteral("stop"), tr("Stop the search"),
                   tr("Ends the search; what was found stays."));
    line->addWidget(labelFor(m_store, tr("&Store")));
    line->addWidget(m_store, 2);
    line->addWidget(labelFor(m_source, tr("So&urce")));
    line->addWidget(m_source, 2);
    line->addWidget(labelFor(m_text, tr("Te&xt")));
    line->addWidget(m_text, 3);
    line->addWidget(m_search);
    line->addWidget(m_stop);
    return row;
}

QWidget* LogFilterBar::filterRow() {
    auto* row = new QWidget(this);
    auto* line = new FlowLayout(row);
    line->setContentsMargins({});
    addLevels(*line);
    addTimes(*line);
    auto* clear = named(new QPushButton(tr("&Clear filters"), row), QStringLiteral("clear"), tr("Clear filters"),
                        tr("Any source, level, time and text again."));
    clear->setAutoDefault(false);
    connect(clear, &QPushButton::clicked, this, &LogFilterBar::clearFilters);
    line->addWidget(clear);
    return row;
}

void LogFilterBar::addLevels(FlowLayout& row) {
    for (const core::Level level : core::kLevels) {
        const std::string_view word = core::nameOf(level);
        const QString name = QString::fromUtf8(word.data(), static_cast<qsizetype>(word.size()));
        auto* box = named(new QCheckBox(name, this), QStringLiteral("level") + name, tr("Level %1").arg(name),
                          tr("Only the levels that are ticked; none ticked: all."));
        m_levels.push_back(box);
        row.addWidget(box);
    }
}

void LogFilterBar::addTimes(FlowLayout& row) {
    constexpr int kHour = 3'600;
    const QDateTime now = QDateTime::currentDateTime();
    const QString what =
        tr("Local time, compared with the time in an event's id (when it was due). Events whose id is no "
           "UUID of version 7 hold no such time: they are found without times only.");
    m_hasFrom = named(new QCheckBox(tr("Fr&om"), this), QStringLiteral("hasFrom"), tr("Only from a time on"), what);
    m_from = named(timeEdit(this, now.addSecs(-kHour)), QStringLiteral("from"), tr("From"), what);
    m_hasUntil = named(new QCheckBox(tr("&To"), this), QStringLiteral("hasUntil"), tr("Only before a time"), what);
    m_until = named(timeEdit(this, now), QStringLiteral("until"), tr("To"), what);
    connect(m_hasFrom, &QCheckBox::toggled, m_from, &QWidget::setEnabled);
    connect(m_hasUntil, &QCheckBox::toggled, m_until, &QWidget::setEnabled);
    row.addWidget(together(m_hasFrom, m_from, this));
    row.addWidget(together(m_hasUntil, m_until, this));
}

void LogFilterBar::setStores(const QList<LogStore>& stores) {
    const QString before = chosenStore();
    m_store->clear();
    for (const LogStore& store : stores) {
        m_store->addItem(store.name, store.id);
    }
    chooseStore(before);
    if (m_store->currentIndex() < 0 && !stores.isEmpty()) {
        m_store->setCurrentIndex(0);
    }
    m_search->setEnabled(!stores.isEmpty());
}

QString LogFilterBar::chosenStore() const {
    return m_store->currentData().toString();
}

bool LogFilterBar::chooseStore(const QString& id) {
    const int index = m_store->findData(id);
    if (index >= 0) {
        m_store->setCurrentIndex(index);
    }
    return index >= 0;
}

core::LogQuery LogFilterBar::query() const {
    core::LogQuery query;
    for (const QString& source : m_source->text().split(QLatin1Char(','), Qt::SkipEmptyParts)) {
        if (const QString name = source.trimmed(); !name.isEmpty()) {
            query.sources.push_back(name.toStdString());
        }
    }
    for (std::size_t i = 0; i < m_levels.size(); ++i) {
        if (m_levels[i]->isChecked()) {
            query.levels.push_back(core::kLevels.at(i));
        }
    }
    if (m_hasFrom->isChecked()) {
        query.from = wallTimeOf(m_from->dateTime());
    }
    if (m_hasUntil->isChecked()) {
        query.until = wallTimeOf(m_until->dateTime());
    }
    query.text = m_text->text().toStdString();
    return query;
}

void LogFilterBar::setTimes(const QDateTime& from, const QDateTime& until) {
    m_hasFrom->setChecked(true);
    m_from->setDateTime(from);
    m_hasUntil->setChecked(true);
    m_until->setDateTime(until);
}

void LogFilterBar::clearFilters() {
    m_source->clear();
    m_text->clear();
    for (QCheckBox* box : m_levels) {
        box->setChecked(false);
    }
    m_hasFrom->setChecked(false);
    m_hasUntil->setChecked(false);
}

void LogFilterBar::showSearching(bool on) {
    m_stop->setEnabled(on);
}

} // namespace app
