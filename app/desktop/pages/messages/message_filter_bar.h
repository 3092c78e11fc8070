// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/browse/message_filter.h"
#include "core/browse/reading_start.h"
#include "services/kafka/client_settings.h"

#include <QList>
#include <QString>
#include <QStringList>
#include <QWidget>
#include <optional>

class QCheckBox;
class QComboBox;
class QDateTimeEdit;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;
class QStackedWidget;

namespace app {

/// A cluster whose topics can be read.
struct MessageCluster {
    QString id;                                      ///< stays the same
    QString name;                                    ///< for people: a connection's
    std::optional<services::ClusterAccess> access{}; ///< nothing: to be asked for when needed
};

/// Which messages of which topic are wanted, and since when.
class MessageFilterBar : public QWidget {
    Q_OBJECT

public:
    explicit MessageFilterBar(QWidget* parent = nullptr);

    void setClusters(const QList<MessageCluster>& clusters); ///< keeps the chosen one, if it is still there
    QString chosenCluster() const;                           ///< its id; empty: there is none
    bool chooseCluster(const QString& id);                   ///< false: it is not listed, and the choice stays
    void setTopics(const QStringList& topics);               ///< to choose from; any other can be typed
    bool hasTopics() const;                                  ///< to choose from
    QString topic() const;
    void setTopic(const QString& topic);

    std::optional<core::Partition> partition() const; ///< nothing: all
    core::ReadingStart start() const;
    void setStart(const core::ReadingStart& start); ///< of FromEnd and FromLast
    bool isCommittedOnly() const;
    /// The filter; nothing where it cannot be read, and why stands below it then.
    std::optional<core::MessageFilter> filter() const;
    void clearFilter();
    void showReading(bool on, bool paused);

Q_SIGNALS:
    void startWanted();
    void pauseWanted(bool pause);
    void topicsWanted();
    void topicChanged();

private:
    QWidget* topicRow();
    QWidget* filterRow();
    QWidget* placeChoice(QWidget* parent);
    void checkFilter();
    void checkStart();

    QComboBox* m_cluster;
    QComboBox* m_topic;
    QPushButton* m_list;
    QSpinBox* m_partition;
    QComboBox* m_place;
    QStackedWidget* m_placeValue;
    QSpinBox* m_last;
    QLineEdit* m_offset;
    QDateTimeEdit* m_time;
    QLineEdit* m_filter;
    QLabel* m_filterProblem;
    QCheckBox* m_committed;
    QPushButton* m_start;
    QPushButton* m_pause;
};

} // namespace app
