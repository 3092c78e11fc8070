// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/bridge/fleet_watch.h"
#include "app/desktop/bridge/target_check.h"
#include "app/desktop/connections/connection_opener.h"

#include <QWidget>

class QPushButton;

namespace app {

class CheckView;
class FigureTable;

/// Asks each server of a connection, saved or not, and shows the answers as they come; and how its daemons stand, as
/// long as it is shown.
class ConnectionTest : public QWidget {
    Q_OBJECT

public:
    /// `secrets` outlives this.
    ConnectionTest(SecretStore& secrets, AskForSecret ask, QWidget* parent = nullptr);

    /// `typed`: secrets that are not kept yet.
    void start(const Connection& connection, const Secrets& typed);
    void clear(); ///< another connection is shown

protected:
    void hideEvent(QHideEvent* event) override;

Q_SIGNALS:
    void wanted(); ///< the user asks for a test
    void failed(const QString& reason);

private:
    void ask(const services::ServerAccess& access);
    void stop();
    void watchFleet(const services::ServerAccess& access);
    void stopWatching();
    void showFleet(const std::vector<core::FleetMember>& members);

    ConnectionOpener m_opener;
    TargetCheck m_check;
    QPushButton* m_start;
    QPushButton* m_stop;
    CheckView* m_answers;
    FleetWatch m_fleetWatch;
    FigureTable* m_fleet;
};

} // namespace app
