// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/connections/check_view.h"
#include "app/desktop/pages/connections/connections_page.h"
#include "app/desktop/settings/theme.h"
#include "tests/app/connection_fakes.h"
#include "tests/app/page_pictures.h"
#include "tests/app/window_test.h"

#include <QAbstractButton>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTemporaryDir>

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
