// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/bridge/audit_session.h"
#include "app/desktop/pages/logs/log_filter_bar.h"

#include <QDialog>
#include <QTimer>
#include <optional>

class QComboBox;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;

namespace app {

class FigureTable;

/// Asks for a table that another consumer filled, audits it, and shows what became of each run in it. Holds up nothing.
class AuditDialog : public QDialog {
    Q_OBJECT

public:
    explicit AuditDialog(QWidget* parent = nullptr);

    void setStores(const QList<LogStore>& stores); ///< those in a file are passed over
    /// The answers to addressNeeded(): the address, or why there is none.
    void supplyAddress(const QString& id, const core::StoreAddress& store);
    void refuseAddress(const QString& id, const QString& reason);
    void saveJson(const QString& file); ///< the report

Q_SIGNALS:
    void addressNeeded(const QString& id); ///< of a store that was listed without one
    void connectionsWanted();              ///< there is no store to choose

private:
    void addFields();
    void startOrStop();
    void audit(const core::StoreAddress& store);
    void chooseRun();
    void chooseFile();
    void showProgress();
    void showReport(const core::AuditReport& report);
    void showProblem(const QString& reason);
    void showState();

    AuditSession m_session;
    QList<LogStore> m_stores;
    QString m_waitsForAddress; // of this store
    std::optional<core::AuditReport> m_report;
    QTimer m_look{this};
    JobThread m_saving;
    QComboBox* m_store;
    QLineEdit *m_table, *m_id, *m_storedAt, *m_run;
    QLabel *m_sentence, *m_details;
    QProgressBar* m_progress;
    FigureTable* m_figures;
    QPushButton *m_start, *m_save;
};

} // namespace app
