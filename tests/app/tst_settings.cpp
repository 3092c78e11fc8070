// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/settings/settings_page.h"
#include "app/desktop/settings/settings.h"
#include "app/desktop/settings/theme.h"
#include "tests/app/page_pictures.h"
#include "tests/app/window_test.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QStyle>
#include <QTemporaryDir>

using app::ByteUnits;
using app::Settings;
using app::ThemeChoice;

class SettingsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_settings = std::make_unique<Settings>(file(), m_defaultResults);
    }

    void beginsWithTheDefaults() {
        QVERIFY(m_settings->theme() == ThemeChoice::System);
        QCOMPARE(m_settings->language(), QStringLiteral("system"));
        QVERIFY(m_settings->byteUnits() == ByteUnits::Binary);
        QCOMPARE(m_settings->updatesPerSecond(), 5);
        QCOMPARE(m_settings->resultsFolder(), m_defaultResults);
        QVERIFY(m_settings->recentFiles().isEmpty());
        QVERIFY(m_settings->layout(QStringLiteral("window")).isEmpty());
    }

    void keepsWhatWasChosen() {
        m_settings->setTheme(ThemeChoice::Dark);
        m_settings->setLanguage(QStringLiteral("zh_CN"));
        m_settings->setByteUnits(ByteUnits::Decimal);
        m_settings->setUpdatesPerSecond(10);
        m_settings->setResultsFolder(QStringLiteral("/srv/runs"));
        m_settings->setLayout(QStringLiteral("live/splitter"), QByteArray("\x00\x01state", 7));
        m_settings = std::make_unique<Settings>(file(), m_defaultResults);
        QVERIFY(m_settings->theme() == ThemeChoice::Dark);
        QCOMPARE(m_settings->language(), QStringLiteral("zh_CN"));
        QVERIFY(m_settings->byteUnits() == ByteUnits::Decimal);
        QCOMPARE(m_settings->updatesPerSecond(), 10);
        QCOMPARE(m_settings->resultsFolder(), QStringLiteral("/srv/runs"));
        QCOMPARE(m_settings->layout(QStringLiteral("live/splitter")), QByteArray("\x00\x01state", 7));
        m_settings->setResultsFolder({});
        QCOMPARE(m_settings->resultsFolder(), m_defaultResults);
    }

    void aChangeIsToldOnce() {
        QSignalSpy themes(m_settings.get(), &Settings::themeChanged);
        QSignalSpy folders(m_settings.get(), &Settings::resultsFolderChanged);
        m_settings->setTheme(ThemeChoice::Light);
        m_settings->setTheme(ThemeChoice::Light);
        m_settings->setResultsFolder(m_defaultResults);
        QCOMPARE(themes.count(), 1);
        QCOMPARE(folders.count(), 0);
    }

    void whatIsNoneOfOursCountsAsTheDefault() {
        {
            QSettings odd(file(), QSettings::IniFormat);
            odd.setValue(QStringLiteral("theme"), QStringLiteral("purple"));
            odd.setValue(QStringLiteral("language"), QStringLiteral("tlh"));
            odd.setValue(QStringLiteral("byteUnits"), 17);
            odd.setValue(QStringLiteral("updatesPerSecond"), 1'000);
        }
        const Settings settings(file(), m_defaultResults);
        QVERIFY(settings.theme() == ThemeChoice::System);
        QCOMPARE(settings.language(), QStringLiteral("system"));
        QVERIFY(settings.byteUnits() == ByteUnits::Binary);
        QCOMPARE(settings.updatesPerSecond(), 5);
    }

    void tenRecentFilesTheNewestFirst() {
        for (int i = 0; i < 12; ++i) {
            m_settings->addRecentFile(QStringLiteral("/%1.yaml").arg(i));
        }
        m_settings->addRecentFile(QStringLiteral("/5.yaml"));
        QCOMPARE(m_settings->recentFiles().size(), 10);
        QCOMPARE(m_settings->recentFiles().mid(0, 3),
                 (QStringList{QStringLiteral("/5.yaml"), QStringLiteral("/11.yaml"), QStringLiteral("/10.yaml")}));
        m_settings->clearRecentFiles();
        QVERIFY(m_settings->recentFiles().isEmpty());
    }

    void sizesInBothUnits_data() {
        QTest::addColumn<quint64>("bytes");
        QTest::addColumn<QString>("binary");
        QTest::addColumn<QString>("decimal");
        const auto row = [](const char* rule, quint64 bytes, const char* binary, const char* decimal) {
            QTest::newRow(rule) << bytes << QString::fromLatin1(binary) << QString::fromLatin1(decimal);
        };
        row("small ones are bytes", 285, "285 B", "285 B");
        row("thousands", 65'536, "64 KiB", "65.5 kB");
        row("what would be shown as 1,000 has the next unit", 999'900, "976 KiB", "1 MB");
        row("large ones", 3'221'225'472, "3 GiB", "3.22 GB");
    }
    void sizesInBothUnits() {
        QFETCH(quint64, bytes);
        QTEST(app::bytesFigure({bytes}, ByteUnits::Binary), "binary");
        QTEST(app::bytesFigure({bytes}, ByteUnits::Decimal), "decimal");
    }

    void darkIsDarkAndTheDesktopsOwnComesBack() {
        const QString native = QApplication::style()->objectName();
        const QColor before = QApplication::palette().color(QPalette::Window);
        app::applyTheme(*qApp, ThemeChoice::Dark);
        QVERIFY(QApplication::palette().color(QPalette::Window).lightness() < 80);
        QVERIFY(QApplication::palette().color(QPalette::WindowText).lightness() > 200);
        app::applyTheme(*qApp, ThemeChoice::Light);
        QVERIFY(QApplication::palette().color(QPalette::Window).lightness() > 200);
        app::applyTheme(*qApp, ThemeChoice::System);
        QCOMPARE(QApplication::style()->objectName(), native);
        QCOMPARE(QApplication::palette().color(QPalette::Window), before);
    }

    void thePageChangesTheSettingsAtOnce() {
        app::SettingsPage page(*m_settings);
        page.resize(1280, 800);
        page.show();
        verifyAccessibleNames(page);
        takePicture(page, QStringLiteral("settings"));
        choose(page, "theme", 2);
        QVERIFY(m_settings->theme() == ThemeChoice::Dark);
        choose(page, "byteUnits", 1);
        QVERIFY(m_settings->byteUnits() == ByteUnits::Decimal);
        choose(page, "updates", 2);
        QCOMPARE(m_settings->updatesPerSecond(), 10);
        auto* later = page.findChild<QLabel*>(QStringLiteral("languageLater"));
        QVERIFY(!later->isVisible());
        choose(page, "language", 2);
        QCOMPARE(m_settings->language(), QStringLiteral("de"));
        QVERIFY(later->isVisible());
        app::applyTheme(*qApp, ThemeChoice::Dark);
        takePicture(page, QStringLiteral("settings-dark"));
        app::applyTheme(*qApp, ThemeChoice::System);
    }

    void aRunAnswersOverHttpOnlyIfAsked() {
        QVERIFY(!m_settings->servesRuns());
        app::SettingsPage page(*m_settings);
        page.show();
        auto* address = page.findChild<QLineEdit*>(QStringLiteral("serveAddress"));
        QVERIFY(!address->isEnabled());
        QCOMPARE(address->text(), QStringLiteral("127.0.0.1:8080"));
        page.findChild<QCheckBox*>(QStringLiteral("servesRuns"))->click();
        QVERIFY(address->isEnabled());
        address->setText(QStringLiteral(" 127.0.0.1:9999 "));
        Q_EMIT address->editingFinished();
        QVERIFY(m_settings->servesRuns());
        QCOMPARE(m_settings->serveAddress(), QStringLiteral("127.0.0.1:9999"));
    }

    void theResultsFolderIsAWholePath() {
        app::SettingsPage page(*m_settings);
        page.show();
        auto* edit = page.findChild<QLineEdit*>(QStringLiteral("resultsFolder"));
        auto* problem = page.findChild<QLabel*>(QStringLiteral("resultsProblem"));
        enter(*edit, QStringLiteral("runs"));
        QVERIFY(problem->isVisible());
        QCOMPARE(m_settings->resultsFolder(), m_defaultResults);
        enter(*edit, QStringLiteral("/srv/runs"));
        QVERIFY(!problem->isVisible());
        QCOMPARE(m_settings->resultsFolder(), QStringLiteral("/srv/runs"));
        enter(*edit, {});
        QCOMPARE(m_settings->resultsFolder(), m_defaultResults);
        QCOMPARE(edit->text(), m_defaultResults);
    }

private:
    QString file() const { return m_folder->filePath(QStringLiteral("millrace.ini")); }
    static void choose(app::SettingsPage& page, const char* name, int index) {
        page.findChild<QComboBox*>(QLatin1String(name))->setCurrentIndex(index);
    }
    static void enter(QLineEdit& edit, const QString& text) {
        edit.setText(text);
        QTest::keyClick(&edit, Qt::Key_Return);
    }

    const QString m_defaultResults = QStringLiteral("/home/me/.local/share/millrace");
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Settings> m_settings;
};

WINDOW_TEST(SettingsTest)
#include "tst_settings.moc"
