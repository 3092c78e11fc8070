// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/search.h"

#include <QList>
#include <QString>
#include <QWidget>
#include <vector>

class QCheckBox;
class QComboBox;
class QDateTime;
class QDateTimeEdit;
class QLineEdit;
class QPushButton;

namespace app {

class FlowLayout;

/// A store that can be searched.
struct LogStore {
    QString id;                                  ///< stays the same
    QString name;                                ///< for people: a run's or a connection's
    std::optional<core::StoreAddress> address{}; ///< nothing: to be asked for when needed, for a password belongs in it

    bool operator==(const LogStore&) const = default;
};

/// Which store, and what is looked for in it.
class LogFilterBar : public QWidget {
    Q_OBJECT

public:
    explicit LogFilterBar(QWidget* parent = nullptr);

    void setStores(const QList<LogStore>& stores); ///< keeps the chosen one, if it is still there
    QString chosenStore() const;                   ///< its id; empty: there is none
    bool chooseStore(const QString& id);           ///< false: it is not listed, and the choice stays

    core::LogQuery query() const;
    void setTimes(const QDateTime& from, const QDateTime& until); ///< half-open; both bounds are ticked
    void clearFilters();
    void showSearching(bool on);

Q_SIGNALS:
    void searchWanted();
    void stopWanted();
    void storeChosen(const QString& id);

private:
    QWidget* storeRow();
    QWidget* filterRow();
    void addLevels(FlowLayout& row);
    void addTimes(FlowLayout& row);

    QComboBox* m_store;
    QLineEdit* m_source;
    QLineEdit* m_text;
    std::vector<QCheckBox*> m_levels; // as core::kLevels
    QCheckBox* m_hasFrom;
    QCheckBox* m_hasUntil;
    QDateTimeEdit* m_from;
    QDateTimeEdit* m_until;
    QPushButton* m_search;
    QPushButton* m_stop;
};

} // namespace app
