// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/audit/audit_dialog.h"

#include "app/desktop/pages/audit/audit_rows.h"
#include "app/desktop/widgets/figure_table.h"
#include "app/desktop/widgets/figures.h"
#include "app/desktop/widgets/plain_label.h"
#include "core/report/audit_json.h"
#include "services/archive/whole_file.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

namespace app {

namespace {

constexpr QSize kAuditSize{860, 520};
constexpr std::chrono::milliseconds kAuditLook{200};

QLineEdit* auditLine(const char* name, const QString& placeholder) {
    auto* line = new QLineEdit;
    line->setObjectName(QString::fromLatin1(name));
    line->setPlaceholderText(placeholder);
    return line;
}

} // namespace

AuditDialog::AuditDialog(QWidget* parent)
    : QDialog(parent),
      m_store(new QComboBox),
      m_table(auditLine("table", tr("events, app.events or \"Events\""))),
      m_id(auditLine("id", tr("the column with the events' ids"))),
      m_storedAt(auditLine("storedAt", tr("the commit's time, where the server keeps it"))),
      m_run(auditLine("run", tr("every run in the table; or one: its folder, its id or its tag"))),
      m_sentence(plainLabel(QStringLiteral("sentence"))),
      m_details(plainLabel(QStringLiteral("details"))),
      m_progress(new QProgressBar),
      m_figures(new FigureTable(tr("What became of each run"), auditColumns())),
      m_start(new QPushButton),
      m_save(new QPushButton(tr("Sa&ve…"))) {
    setObjectName(QStringLiteral("auditDialog"));
    setWindowTitle(tr("Audit of a table"));
    resize(kAuditSize);
    m_figures->setFigureColumns({false, true, true, true, true, true, true, true, true});
    auto* const column = new QVBoxLayout(this);
    addFields();
    column->addWidget(m_sentence);
    column->addWidget(m_progress);
    column->addWidget(m_figures, 1);
    column->addWidget(m_details);
    auto* const buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    buttons->addButton(m_start, QDialogButtonBox::ActionRole);
    buttons->addButton(m_save, QDialogButtonBox::ActionRole);
    column->addWidget(buttons);
    m_start->setObjectName(QStringLiteral("start"));
    m_start->setDefault(true);
    m_save->setObjectName(QStringLiteral("save"));
    m_look.setInterval(kAuditLook);
    connect(&m_look, &QTimer::timeout, this, &AuditDialog::showProgress);
    connect(m_start, &QPushButton::clicked, this, &AuditDialog::startOrStop);
    connect(m_save, &QPushButton::clicked, this, &AuditDialog::chooseFile);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(&m_session, &AuditSession::ended, this, &AuditDialog::showReport);
    connect(&m_session, &AuditSession::failed, this, &AuditDialog::showProblem);
    for (const QLineEdit* const line : {m_table, m_id}) {
        connect(line, &QLineEdit::textChanged, this, &AuditDialog::showState);
    }
    setStores({});
}

void AuditDialog::addFields() {
    auto* const form = new QFormLayout;
    form->addRow(tr("S&tore"), m_store);
    form->addRow(tr("T&able"), m_table);
    form->addRow(tr("&Id"), m_id);
    form->addRow(tr("Store&d at"), m_storedAt);
    auto* const browse = new QPushButton(tr("&Browse…"));
    connect(browse, &QPushButton::clicked, this, &AuditDialog::chooseRun);
    auto* const run = new QHBoxLayout;
    run->addWidget(m_run, 1);
    run->addWidget(browse);
    auto* const label = new QLabel(tr("&Run"));
    label->setBuddy(m_run);
    form->addRow(label, run);
    qobject_cast<QVBoxLayout*>(layout())->addLayout(form);
}

void AuditDialog::setStores(const QList<LogStore>& stores) {
    const QString chosen = m_store->currentData().toString();
    m_stores.clear();
    std::ranges::copy_if(stores, std::back_inserter(m_stores),
                         [](const LogStore& store) { return !store.address || store.address->postgres() != nullptr; });
    m_store->clear();
    for (const LogStore& store : m_stores) {
        m_store->addItem(store.name, store.id);
    }
    m_store->setCurrentIndex(std::max(0, m_store->findData(chosen)));
    m_store->setEnabled(!m_stores.isEmpty());
    showState();
}

void AuditDialog::startOrStop() {
    if (m_session.isOn() || !m_waitsForAddress.isEmpty()) {
        m_session.cancel();
        m_waitsForAddress.clear();
        m_sentence->setText(tr("Stopped."));
        showState();
        return;
    }
    if (m_stores.isEmpty()) {
        Q_EMIT connectionsWanted();
        return;
    }
    const LogStore& store = m_stores[m_store->currentIndex()];
    m_report.reset();
    m_figures->setRows({});
    m_details->clear();
    if (store.address) {
        audit(*store.address);
        return;
    }
    m_waitsForAddress = store.id;
    m_sentence->setText(tr("Waiting for the password…"));
    showState();
    Q_EMIT addressNeeded(store.id);
}

void AuditDialog::supplyAddress(const QString& id, const core::StoreAddress& store) {
    if (id == m_waitsForAddress) {
        m_waitsForAddress.clear();
        audit(store);
    }
}

void AuditDialog::refuseAddress(const QString& id, const QString& reason) {
    if (id == m_waitsForAddress) {
        m_waitsForAddress.clear();
        showProblem(reason);
    }
}

void AuditDialog::audit(const core::StoreAddress& store) {
    m_session.start({store,
                     {m_table->text().trimmed().toStdString(), m_id->text().trimmed().toStdString(),
                      m_storedAt->text().trimmed().toStdString()},
                     m_run->text().trimmed().toStdString()});
    m_sentence->setText(tr("Reading the table…"));
    showState();
}

void AuditDialog::showProgress() {
    const quint64 of = m_session.of();
    const quint64 rows = m_session.rows();
    m_progress->setRange(0, of == 0 ? 0 : 1'000); // without a range it shows that something is going on
    m_progress->setValue(of == 0 ? 0 : static_cast<int>(std::min<quint64>(1'000, rows * 1'000 / of)));
    m_sentence->setText(tr("%1 rows read.").arg(countFigure(rows)));
}

void AuditDialog::showReport(const core::AuditReport& report) {
    m_report = report;
    m_figures->setRows(auditRows(report));
    m_sentence->setText(QString::fromStdString(report.summary()) + QLatin1Char('.'));
    QStringList details{tr("%1 at %2: %3 rows, %4 of them foreign.")
                            .arg(QString::fromStdString(report.table), QString::fromStdString(report.server),
                                 countFigure(report.rows), countFigure(report.foreign)),
                        QString::fromStdString(report.storedAt)};
    if (!report.clockWarning.empty()) {
        details += QString::fromStdString(report.clockWarning);
    }
    m_details->setText(details.join(QLatin1Char('\n')));
    showState();
}

void AuditDialog::showProblem(const QString& reason) {
    m_sentence->setText(reason);
    showState();
}

/// What can be done now.
void AuditDialog::showState() {
    const bool on = m_session.isOn();
    const bool waits = on || !m_waitsForAddress.isEmpty();
    m_progress->setVisible(on);
    if (on) {
        m_look.start();
    } else {
        m_look.stop();
    }
    m_start->setText(waits ? tr("&Stop") : m_stores.isEmpty() ? tr("Add a &connection…") : tr("A&udit"));
    m_start->setEnabled(waits || m_stores.isEmpty() ||
                        (!m_table->text().trimmed().isEmpty() && !m_id->text().trimmed().isEmpty()));
    m_save->setEnabled(m_report.has_value());
    if (m_stores.isEmpty() && !waits) {
        m_sentence->setText(tr("An audit reads a table in a PostgreSQL; there is no connection to one yet."));
    } else if (m_sentence->text().isEmpty()) {
        m_sentence->setText(
            tr("Names a table that another consumer filled, and says what is lost, doubled, and how late."));
    }
}

void AuditDialog::chooseRun() {
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Folder of the run"), m_run->text());
    if (!folder.isEmpty()) {
        m_run->setText(folder);
    }
}

void AuditDialog::chooseFile() {
    const QString file =
        QFileDialog::getSaveFileName(this, tr("Save the report"), QStringLiteral("audit.json"), tr("JSON (*.json)"));
    if (!file.isEmpty()) {
        saveJson(file);
    }
}

void AuditDialog::saveJson(const QString& file) {
    m_saving.post([this, file, report = m_report.value()]() -> JobThread::Answer {
        const core::Status saved = services::writeWholeFile(file.toStdString(), core::auditJson(report));
        return [this, file, saved] {
            m_sentence->setText(saved ? tr("Saved as %1.").arg(file) : QString::fromStdString(saved.error().text()));
        };
    });
}

} // namespace app
