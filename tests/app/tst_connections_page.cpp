// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/connections/check_view.h"
#include "app/desktop/pages/connections/connections_page.h"
#include "app/desktop/settings/theme.h"
#include "app/desktop/widgets/figure_table.h"
#include "app/desktop/widgets/fleet_rows.h"
#include "tests/app/connection_fakes.h"
#include "tests/app/page_pictures.h"
#include "tests/app/quiet_port.h"
#include "tests/app/window_test.h"

#include <QAbstractButton>
#include <QComboBox>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTimer>

using app::Connection;
using app::Secret;

/// The page, used as a user would.
class ConnectionsPageTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_connections = std::make_unique<app::SavedConnections>(m_folder->filePath(QStringLiteral("connections.json")));
        m_keychain = std::make_unique<FakeKeychain>();
        m_user = {};
        show();
    }
    void cleanup() { m_page.reset(); }

    void anEmptyPageOffersTheFirstConnection() {
        takePicture(*m_page, QStringLiteral("connections-empty"));
        child<QPushButton>("addFirst")->click();
        QVERIFY(child<QLineEdit>("name")->isVisible());
        QVERIFY(child<QPushButton>("save")->isEnabled());
    }

    void aNewConnectionIsSavedAndItsPasswordGoesToTheKeychain() {
        child<QPushButton>("add")->click();
        type("name", "staging");
        type("broker", "kafka:9093");
        child<QComboBox>("security.protocol")->setCurrentText(QStringLiteral("sasl_ssl"));
        type("sasl.username", "writer");
        type("kafka.password", "marker-kafka");
        type("storeUrl", "postgresql://me@db/logs");
        child<QComboBox>("sslmode")->setCurrentText(QStringLiteral("require"));
        child<QPlainTextEdit>("kafkaOthers")->setPlainText(QStringLiteral("socket.timeout.ms=9000"));
        child<QPushButton>("save")->click();
        QCOMPARE(m_connections->all().size(), 1);
        const Connection saved = m_connections->all().first();
        QCOMPARE(saved.name, QStringLiteral("staging"));
        QCOMPARE(saved.kafka.value(QStringLiteral("security.protocol")), QStringLiteral("sasl_ssl"));
        QCOMPARE(saved.kafka.value(QStringLiteral("socket.timeout.ms")), QStringLiteral("9000"));
        QCOMPARE(saved.postgres.value(QStringLiteral("sslmode")), QStringLiteral("require"));
        QCOMPARE(saved.secrets, QSet<Secret>{Secret::KafkaPassword});
        QCOMPARE(m_keychain->kept.value(secretKey(saved, Secret::KafkaPassword)), QStringLiteral("marker-kafka"));
        QVERIFY(child<QLineEdit>("kafka.password")->text().isEmpty());
        QCOMPARE(child<QLineEdit>("kafka.password")->placeholderText(), QStringLiteral("kept; type to change it"));
        QVERIFY(!child<QPushButton>("save")->isEnabled());
        verifyNoMarkerInFiles();
    }

    void whatCannotBeUsedIsNotSaved() {
        child<QPushButton>("add")->click();
        type("broker", "kafka");
        child<QPushButton>("save")->click();
        QVERIFY(m_connections->all().isEmpty());
        QVERIFY(child<QLabel>("problem")->text().contains(QStringLiteral("HOST:PORT")));
        takePicture(*m_page, QStringLiteral("connections-problem"));
    }

    void aPasswordInAnAddressIsRefusedAndNotRepeated() {
        child<QPushButton>("add")->click();
        type("storeUrl", "postgresql://me:marker@db/logs");
        child<QPushButton>("save")->click();
        QVERIFY(child<QLabel>("problem")->isVisible());
        QVERIFY(!child<QLabel>("problem")->text().contains(QStringLiteral("marker")));
        verifyNoMarkerInFiles();
    }

    void forgettingTakesThePasswordAway() {
        saveFull();
        const Connection connection = m_connections->all().first();
        m_keychain->kept.insert(secretKey(connection, Secret::StorePassword), QStringLiteral("old"));
        child<QPushButton>("forget.store.password")->click();
        child<QPushButton>("save")->click();
        QVERIFY(!m_connections->all().first().secrets.contains(Secret::StorePassword));
        QTRY_VERIFY(m_keychain->kept.isEmpty());
    }

    void aCopyHasNoPasswordsOfItsOwn() {
        saveFull();
        child<QPushButton>("copy")->click();
        QCOMPARE(child<QLineEdit>("name")->text(), QStringLiteral("staging (copy)"));
        child<QPushButton>("save")->click();
        QCOMPARE(m_connections->all().size(), 2);
        QVERIFY(m_connections->all().at(0).id != m_connections->all().at(1).id);
        QCOMPARE(m_connections->all().at(1).broker, QStringLiteral("kafka-1:9093,kafka-2:9093"));
    }

    void removingAsksFirst() {
        saveFull();
        const QString key = secretKey(m_connections->all().first(), Secret::KafkaPassword);
        m_keychain->kept.insert(key, QStringLiteral("old"));
        child<QPushButton>("remove")->click();
        answerQuestion(QMessageBox::Cancel);
        QCOMPARE(m_connections->all().size(), 1);
        child<QPushButton>("remove")->click();
        answerQuestion(QMessageBox::Yes);
        QTRY_VERIFY(m_connections->all().isEmpty());
        QTRY_VERIFY(!m_keychain->kept.contains(key));
        QVERIFY(child<QPushButton>("addFirst")->isVisible());
    }

    void daemonsAndTheirTokenAreSaved() {
        child<QPushButton>("add")->click();
        type("name", "fleet");
        type("daemons", "10.0.0.1:8081,dns:consumers:8082");
        type("daemons.token", "marker-token");
        child<QPushButton>("save")->click();
        QVERIFY(m_connections->all().isEmpty());
        QVERIFY2(child<QLabel>("problem")->text().startsWith(QStringLiteral("Daemons meet at real servers")),
                 qPrintable(child<QLabel>("problem")->text()));
        type("broker", "kafka:9092");
        type("storeUrl", "postgresql://me@db/logs");
        type("daemons", "10.0.0.1");
        child<QPushButton>("save")->click();
        QVERIFY2(child<QLabel>("problem")->text().startsWith(QStringLiteral("The daemons' addresses should look like")),
                 qPrintable(child<QLabel>("problem")->text()));
        type("daemons", "10.0.0.1:8081,dns:consumers:8082");
        child<QPushButton>("save")->click();
        QVERIFY(!child<QLabel>("problem")->isVisible());
        const Connection saved = m_connections->all().first();
        QCOMPARE(saved.daemons, QStringLiteral("10.0.0.1:8081,dns:consumers:8082"));
        QCOMPARE(saved.secrets, QSet<Secret>{Secret::DaemonToken});
        QCOMPARE(m_keychain->kept.value(secretKey(saved, Secret::DaemonToken)), QStringLiteral("marker-token"));
        QCOMPARE(child<QLineEdit>("daemons.token")->placeholderText(), QStringLiteral("kept; type to change it"));
        QVERIFY(!child<QPushButton>("save")->isEnabled());
        verifyNoMarkerInFiles();
        child<QPushButton>("forget.daemons.token")->click();
        type("daemons", " ");
        child<QPushButton>("save")->click();
        QVERIFY(m_connections->all().first().daemons.isEmpty());
        QVERIFY(m_connections->all().first().secrets.isEmpty());
        QTRY_VERIFY(m_keychain->kept.isEmpty());
    }

    void theTestShowsHowTheDaemonsStandWhileItIsLookedAt() {
        const QuietPort first(QuietPort::Kind::Closed);
        const QuietPort second(QuietPort::Kind::Closed);
        auto* const fleet = child<app::FigureTable>("fleet");
        child<QPushButton>("add")->click();
        QVERIFY(!fleet->isVisible());
        typeFleet((first.server() + "," + second.server()).c_str());
        child<QPushButton>("test")->click();
        const QAbstractItemModel& rows = *fleet->model();
        QTRY_VERIFY_WITH_TIMEOUT(rows.rowCount() == 2 &&
                                     rows.index(1, app::FleetColumn::State).data() == QStringLiteral("takes no part"),
                                 kPatienceMs);
        QCOMPARE(rows.index(0, app::FleetColumn::Role).data().toString(), QStringLiteral("–"));
        QVERIFY(rows.index(0, app::FleetColumn::Trouble).data().toString().contains(QStringLiteral("efused")));
        QVERIFY(fleet->isVisible() && fleet->isColumnHidden(app::FleetColumn::Sent));
        takePictures(*m_page, QStringLiteral("connections-fleet-absent"));
        type("daemons", second.server().c_str());
        child<QPushButton>("stopTest")->click(); // the servers of the first test need not have answered
        child<QPushButton>("test")->click();
        QTRY_COMPARE_WITH_TIMEOUT(rows.rowCount(), 1, kPatienceMs);
        m_page->hide();
        m_page->show();
        QVERIFY(!fleet->isVisible()); // nobody asks them any more
    }

    void aTokenThatIsNoneIsAProblem() {
        child<QPushButton>("add")->click();
        typeFleet("127.0.0.1:1");
        type("daemons.token", "marker");
        child<QPushButton>("test")->click();
        QTRY_VERIFY_WITH_TIMEOUT(child<QLabel>("problem")->isVisible(), kPatienceMs);
        const QString said = child<QLabel>("problem")->text();
        QVERIFY2(said.startsWith(QStringLiteral("The token of the daemons: ")), qPrintable(said));
        QVERIFY(!said.contains(QStringLiteral("marker")));
        QVERIFY(!child<app::FigureTable>("fleet")->isVisible());
    }

    void theTestShowsEachServersAnswer() {
        child<QPushButton>("add")->click();
        type("name", "local");
        type("storeUrl", qPrintable(QStringLiteral("sqlite:") + m_folder->filePath(QStringLiteral("new.sqlite"))));
        child<QPushButton>("test")->click();
        auto* answers = child<app::CheckView>("checkView");
        QTRY_VERIFY_WITH_TIMEOUT(child<QPushButton>("test")->isEnabled(), kPatienceMs);
        QCOMPARE(answers->item(0, 3)->text(), QStringLiteral("Embedded: a run brings its own."));
        QVERIFY(answers->item(1, 3)->text().contains(QStringLiteral("does not exist yet")));
        QCOMPARE(answers->item(1, 2)->text(), QStringLiteral("–")); // nobody was asked
        QCOMPARE(answers->item(2, 1)->text(), QStringLiteral("ok"));
        takePicture(*m_page, QStringLiteral("connections-tested"));
    }

    void theTestAsksForAPasswordThatIsNotKept() {
        saveFull();
        child<QPushButton>("test")->click();
        QTRY_VERIFY_WITH_TIMEOUT(child<QLabel>("problem")->isVisible(), kPatienceMs);
        QCOMPARE(child<QLabel>("problem")->text(),
                 QStringLiteral("The connection 'staging' cannot be used without its password."));
        QCOMPARE(m_user.questions.size(), 1);
    }

    void aPasswordThatTheKeychainRefusesIsNotCalledKept() {
        m_keychain->refusal = QStringLiteral("The desktop's keychain refuses: locked");
        child<QPushButton>("add")->click();
        type("name", "staging");
        type("storeUrl", "postgresql://me@db/logs");
        type("store.password", "marker");
        child<QPushButton>("save")->click();
        QTRY_COMPARE(child<QLineEdit>("store.password")->placeholderText(),
                     QStringLiteral("not kept; asked for when it is needed"));
        QVERIFY(child<QLineEdit>("store.password")->text().isEmpty());
        QCOMPARE(child<QLabel>("problem")->text(), m_keychain->refusal);
        child<QPushButton>("test")->click();
        QTRY_COMPARE(m_user.questions.size(), 1);
    }

    void aPasswordThatTheProgramsEndTookIsNotCalledKept() {
        m_keychain->lasting = false;
        saveFull();
        QTRY_COMPARE(child<QLineEdit>("kafka.password")->placeholderText(),
                     QStringLiteral("not kept; asked for when it is needed"));
        type("kafka.password", "again");
        child<QPushButton>("save")->click();
        QTRY_COMPARE(child<QLineEdit>("store.password")->placeholderText(),
                     QStringLiteral("not kept; asked for when it is needed"));
        QCOMPARE(child<QLineEdit>("kafka.password")->placeholderText(), QStringLiteral("kept; type to change it"));
    }

    void whatIsNotInUseIsFolded() {
        child<QPushButton>("add")->click();
        const auto areVisible = [this](std::initializer_list<const char*> fields) {
            QStringList visible;
            for (const char* const field : fields) {
                if (child<QWidget>(field)->isVisible()) {
                    visible += QString::fromLatin1(field);
                }
            }
            return visible.join(QLatin1Char(' '));
        };
        const std::initializer_list<const char*> kafka{
            "sasl.mechanism",  "sasl.username",          "kafka.password",  "forget.kafka.password",
            "ssl.ca.location", "browse.ssl.ca.location", "ssl.key.location"};
        auto* protocol = child<QComboBox>("security.protocol");
        QCOMPARE(protocol->currentText(), QStringLiteral("plaintext (default)"));
        QCOMPARE(areVisible(kafka), QString());
        const auto top = [this](const char* field) { return child<QWidget>(field)->mapTo(m_page.get(), QPoint()).y(); };
        QTRY_VERIFY2(top("broker") - top("name") < 120, qPrintable(QString::number(top("broker") - top("name"))));
        takePicture(*m_page, QStringLiteral("connections-folded"));
        protocol->setCurrentText(QStringLiteral("sasl_plaintext"));
        QCOMPARE(areVisible(kafka),
                 QStringLiteral("sasl.mechanism sasl.username kafka.password forget.kafka.password"));
        type("sasl.username", "writer");
        protocol->setCurrentText(QStringLiteral("ssl"));
        QCOMPARE(areVisible(kafka), // a name that was typed is not hidden
                 QStringLiteral("sasl.username ssl.ca.location browse.ssl.ca.location ssl.key.location"));
        QCOMPARE(child<QComboBox>("sslmode")->currentText(), QStringLiteral("prefer (default)"));
        QCOMPARE(areVisible({"sslrootcert", "sslcert", "sslkey"}), QString());
        child<QComboBox>("sslmode")->setCurrentText(QStringLiteral("verify-full"));
        QCOMPARE(areVisible({"sslrootcert", "sslcert", "sslkey"}), QStringLiteral("sslrootcert sslcert sslkey"));
        saveFull();
        QCOMPARE(areVisible({"kafka.password", "kafka.key-password", "sslrootcert"}).isEmpty(), false);
    }

    void aCertificateIsChosen() {
        child<QPushButton>("add")->click();
        child<QComboBox>("sslmode")->setCurrentText(QStringLiteral("verify-full"));
        const QString file = m_folder->filePath(QStringLiteral("ca.pem"));
        QFile created(file);
        QVERIFY(created.open(QIODevice::WriteOnly));
        QTimer::singleShot(0, m_page.get(), [&file] {
            auto* dialog = qobject_cast<QFileDialog*>(QApplication::activeModalWidget());
            dialog->selectFile(file);
            QMetaObject::invokeMethod(dialog, "accept");
        });
        child<QPushButton>("browse.sslrootcert")->click();
        QCOMPARE(child<QLineEdit>("sslrootcert")->text(), file);
        QVERIFY(child<QPushButton>("save")->isEnabled());
    }

    void theAnswersStayWhenTheConnectionIsSaved() {
        child<QPushButton>("add")->click();
        type("name", "local");
        child<QPushButton>("test")->click();
        QTRY_VERIFY_WITH_TIMEOUT(child<QPushButton>("test")->isEnabled(), kPatienceMs);
        child<QPushButton>("save")->click();
        QVERIFY(child<app::CheckView>("checkView")->isVisible());
        child<QPushButton>("add")->click();
        QVERIFY(!child<app::CheckView>("checkView")->isVisible()); // of another
    }

    void aFailureHasASignAndAColour() {
        app::CheckView view;
        const QBrush plain = view.item(0, 1)->foreground();
        view.add({services::ServerPart::Broker, services::Health::Fail, "no", {}});
        QCOMPARE(view.item(0, 1)->text(), QStringLiteral("✗ failed"));
        QVERIFY(view.item(0, 1)->foreground() != plain);
        view.cancel();
        QCOMPARE(view.item(1, 1)->text(), QStringLiteral("not tested"));
        view.begin();
        QCOMPARE(view.item(0, 1)->foreground(), plain);
    }

    void aRemedyNamesTheFieldAbove_data() {
        QTest::addColumn<QString>("source");
        QTest::addColumn<QString>("advised");
        QTest::addColumn<QString>("shown");
        QTest::newRow("Kafka's login") << QStringLiteral("services/kafka/cluster_probe.cpp")
                                       << QStringLiteral("Check sasl.mechanism, sasl.username and the password in the "
                                                         "scenario's kafka.client.")
                                       << QStringLiteral("Check SASL mechanism, SASL user and SASL password above.");
        QTest::newRow("PostgreSQL's password")
            << QStringLiteral("services/store/postgres/postgres_link.cpp")
            << QStringLiteral("check the user, and the password in PGPASSWORD, in ~/.pgpass or behind the scenario's "
                              "${NAME}")
            << QStringLiteral("check the user in the store's address, and its password above");
        QTest::newRow("a daemon's token")
            << QStringLiteral("services/remote/daemon_link.cpp")
            << QStringLiteral("It wants a token, and MILLRACE_TOKEN has not the one that it knows.")
            << QStringLiteral("It wants a token, and the one above is not the one that it knows.");
        QTest::newRow("Redis' password")
            << QStringLiteral("services/dedupe/redis_connection.cpp")
            << QStringLiteral("set the password in MILLRACE_REDIS_PASSWORD or behind the URL's ${NAME}")
            << QStringLiteral("set the duplicate filter's password above");
    }

    void aRemedyNamesTheFieldAbove() {
        QFETCH(const QString, source);
        QFETCH(const QString, advised);
        QTEST(app::remedyInTheForm(advised), "shown");
        QFile service(QStringLiteral(MILLRACE_SOURCE_DIR "/") + source);
        QVERIFY(service.open(QIODevice::ReadOnly));
        QVERIFY(service.readAll().contains(advised.toUtf8())); // else nothing is ever replaced
    }

    void withoutAKeychainThePageSaysSo() {
        saveFull();
        QVERIFY(!child<QLabel>("lasting")->isVisible());
        m_keychain->lasting = false;
        Q_EMIT m_keychain->lastingChanged();
        QVERIFY(child<QLabel>("lasting")->isVisible());
    }

    void aHostileNameIsShownAsItIs() {
        Connection connection = fullConnection();
        connection.name = QStringLiteral("<b>bold</b> ") + QString(300, QLatin1Char('w'));
        QVERIFY(m_connections->save(connection));
        show();
        QVERIFY(!m_connections->index(0).data(Qt::ToolTipRole).toString().contains(QStringLiteral("<b>")));
        takePicture(*m_page, QStringLiteral("connections-hostile"));
    }

    void everyControlHasAName() {
        saveFull();
        child<app::CheckView>("checkView")->show();
        verifyAccessibleNames(*m_page);
        takePicture(*m_page, QStringLiteral("connections-light"));
        app::applyTheme(*qApp, app::ThemeChoice::Dark);
        takePicture(*m_page, QStringLiteral("connections-dark"));
        app::applyTheme(*qApp, app::ThemeChoice::System);
    }

private:
    void show() {
        m_page = std::make_unique<app::ConnectionsPage>(*m_connections, *m_keychain, m_user.asked());
        m_page->resize(1280, 800);
        m_page->show();
    }
    void saveFull() {
        QVERIFY(m_connections->save(fullConnection()));
        m_page->choose(m_connections->all().first().id);
    }
    template <typename Widget>
    Widget* child(const char* name) const {
        auto* found = m_page->findChild<Widget*>(QLatin1String(name));
        Q_ASSERT(found != nullptr);
        return found;
    }
    void type(const char* field, const char* text) {
        auto* edit = child<QLineEdit>(field);
        edit->clear();
        QTest::keyClicks(edit, QString::fromLatin1(text));
    }
    /// At servers that do not exist.
    void typeFleet(const char* daemons) {
        type("name", "fleet");
        type("broker", "127.0.0.1:1");
        type("storeUrl", "postgresql://me@127.0.0.1:1/logs");
        type("daemons", daemons);
    }
    void answerQuestion(QMessageBox::StandardButton answer) {
        QMessageBox* question = nullptr;
        for (auto* box : m_page->findChildren<QMessageBox*>()) {
            question = box->isVisible() ? box : question;
        }
        QVERIFY(question != nullptr);
        question->button(answer)->click();
    }
    void verifyNoMarkerInFiles() const {
        for (const QFileInfo& info : QDir(m_folder->path()).entryInfoList(QDir::Files | QDir::Hidden)) {
            QFile found(info.filePath());
            QVERIFY(found.open(QIODevice::ReadOnly));
            QVERIFY2(!found.readAll().contains("marker"), qPrintable(info.fileName()));
        }
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<app::SavedConnections> m_connections;
    std::unique_ptr<FakeKeychain> m_keychain;
    FakeUser m_user;
    std::unique_ptr<app::ConnectionsPage> m_page;
};

WINDOW_TEST(ConnectionsPageTest)
#include "tst_connections_page.moc"
