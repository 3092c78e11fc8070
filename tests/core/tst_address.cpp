// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/target/daemon_list.h"
#include "core/target/target.h"
#include "core/target/url_parts.h"
#include "tests/test_class.h"

#include <fmt/format.h>

#include <QTest>
#include <sstream>
#include <type_traits>

namespace {

using core::PostgresAddress;
using core::RedisAddress;
using core::Secret;

template <typename T>
concept Streamable = requires(std::ostringstream& out, const T& value) { out << value; };
static_assert(!Streamable<Secret> && Streamable<std::string>);
static_assert(!fmt::is_formattable<Secret>::value && fmt::is_formattable<std::string>::value);
static_assert(!std::is_convertible_v<Secret, std::string> && !std::is_convertible_v<std::string, Secret>);
static_assert(!std::is_convertible_v<Secret, std::string_view> && !std::is_convertible_v<Secret, bool>);

constexpr const char* kHint = "write / as %2F, # as %23, ? as %3F, @ as %40 and % as %25";

/// Refuses every URL: where it is asked, the URL has passed the grammar.
core::Result<PostgresAddress> noPostgres(const std::string&) {
    return core::invalid("asked libpq");
}

/// The address as it is shown, or why there is none.
template <typename Address>
QString answerOf(const core::Result<Address>& address) {
    return QString::fromStdString(address ? address->shown() : address.error().message);
}

QString readStore(const QString& text) {
    return answerOf(core::StoreAddress::create(text.toStdString(), noPostgres));
}

} // namespace

/// One grammar for the addresses of a target, and what may be shown of them.
class AddressTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void brokers_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("isGood");
        const auto row = [](const char* rule, const char* text, bool isGood) {
            QTest::newRow(rule) << QString::fromLatin1(text) << isGood;
        };
        row("embedded", "embedded", true);
        row("a name with a port", "kafka.example:9092", true);
        row("several", "a:1,b:2,c:65535", true);
        row("an IPv6 address in brackets", "[::1]:9092", true);
        row("an IPv6 address with a zone", "[fe80::1%eth0]:9092", true);
        row("an IPv6 address behind a name", "a:1,[2001:db8::7]:2", true);
        row("no port", "a", false);
        row("an IPv6 address without brackets", "::1:9092", false);
        row("two colons", "a:b:9092", false);
        row("a bracket that stays open", "[::1:9092", false);
        row("a name in brackets", "[kafka]:9092", false);
        row("text behind the bracket", "[::1]x:9092", false);
        row("a hole in the list", "a:1,,b:2", false);
        row("a comma at the end", "a:1,", false);
        row("port 0", "a:0", false);
        row("a port out of range", "a:65536", false);
        row("a port with a zero in front", "a:09092", false);
        row("a port that is no number", "a:9092x", false);
        row("a user", "user:secret@a:9092", false);
        row("a scheme", "kafka://a:9092", false);
        row("a space", "a:1, b:2", false);
        row("nothing", "", false);
    }
    void brokers() {
        QFETCH(const QString, text);
        QFETCH(const bool, isGood);
        QCOMPARE(answerOf(core::BrokerAddress::create(text.toStdString())),
                 isGood ? text : QStringLiteral("expected embedded or HOST:PORT, several with commas between them"));
    }

    void redisUrlsAreRead_data() {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("parts"); // host|port|database|user|password
        QTest::addColumn<QString>("shown");
        const auto row = [](const char* rule, const char* url, const char* parts, const char* shown) {
            QTest::newRow(rule) << QString::fromLatin1(url) << QString::fromLatin1(parts) << QString::fromLatin1(shown);
        };
        row("a host alone", "redis://cache", "cache|6379|0||", "redis://cache");
        row("with everything", "redis://me:p%40ss:word@cache:7000/3", "cache|7000|3|me|p@ss:word",
            "redis://me:@cache:7000/3");
        row("a password alone", "redis://:p%40ss@host", "host|6379|0||p@ss", "redis://host");
        row("every reserved sign, encoded", "redis://:%2F%23%3F%40%25%3A@h:1", "h|1|0||/#?@%:", "redis://h:1");
        row("a colon in the password", "redis://:a:b@h", "h|6379|0||a:b", "redis://h");
        row("an empty login", "redis://@h:6379/0", "h|6379|0||", "redis://h:6379");
        row("an IPv6 address", "redis://[::1]:7000", "::1|7000|0||", "redis://[::1]:7000");
        row("an IPv6 address without a port", "redis://[::1]/1", "::1|6379|1||", "redis://[::1]/1");
    }
    void redisUrlsAreRead() {
        QFETCH(const QString, url);
        QFETCH(const QString, parts);
        QFETCH(const QString, shown);
        const auto address = RedisAddress::create(url.toStdString());
        QVERIFY2(address, address ? "" : address.error().message.c_str());
        QCOMPARE(
            QString::fromStdString(fmt::format("{}|{}|{}|{}|{}", address->host(), address->port(), address->database(),
                                               address->user(), address->password().reveal())),
            parts);
        QCOMPARE(QString::fromStdString(address->shown()), shown);
        QVERIFY(*RedisAddress::create(address->shown()) == address->withPassword(Secret()));
    }

    void redisUrlsAreRefusedWithoutRepeatingThem_data() {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("sentence");
        const auto row = [](const char* rule, const char* url, const char* sentence) {
            QTest::newRow(rule) << QString::fromLatin1(url) << QString::fromLatin1(sentence);
        };
        row("a slash in the password", "redis://:marker/ss@host:6379", kHint);
        row("base64 as it is", "redis://:ab/marker+ef=@127.0.0.1:1", kHint);
        row("a hash", "redis://:marker#1@host", kHint);
        row("a question mark", "redis://:marker?1@host", kHint);
        row("an at sign", "redis://:marker@marker@host", kHint);
        row("a percent sign", "redis://:marker%zz@host", kHint);
        row("a percent sign at the end", "redis://:marker%@host", kHint);
        row("a zero byte", "redis://:marker%00@host", kHint);
        row("a space", "redis://:mar ker@host", kHint);
        row("a port that is none", "redis://marker:70000", kHint);
        row("a password without its host", "redis://:marker", kHint);
        row("a database that is none", "redis://marker/x", kHint);
        row("a password without its colon", "redis://marker@host", kHint);
        row("no host", "redis://:marker@", kHint);
        row("two hosts", "redis://marker,b", kHint);
        row("a query", "redis://host?password=marker", kHint);
        row("TLS", "rediss://marker", "hiredis 0.14 has no TLS");
        row("another scheme", "http://marker", "expected memory or redis://HOST:PORT");
        row("embedded is the broker's word", "embedded", "expected memory or redis://HOST:PORT");
    }
    void redisUrlsAreRefusedWithoutRepeatingThem() {
        QFETCH(const QString, url);
        QFETCH(const QString, sentence);
        const QString said = answerOf(core::DedupeAddress::create(url.toStdString()));
        QVERIFY2(said.contains(sentence) && !said.contains(QStringLiteral("marker")), qPrintable(said));
    }

    void storesAreTold_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("answer");
        const auto row = [](const char* rule, const char* text, const char* answer) {
            QTest::newRow(rule) << QString::fromLatin1(text) << QString::fromLatin1(answer);
        };
        const char* const form = "expected embedded, sqlite:FILE or postgresql://USER@HOST:PORT/DATABASE";
        row("embedded", "embedded", "embedded");
        row("a file", "sqlite:a b/c.db", "sqlite:a b/c.db");
        row("a file with signs of a URL", "sqlite:/x@y?z#1%", "sqlite:/x@y?z#1%");
        row("no file", "sqlite:", form);
        row("another scheme", "mysql://u:marker@h/d", form);
        row("memory is the filter's word", "memory", form);
        row("libpq is asked", "postgresql://u:p@h/d?sslpassword=x&password=y", "asked libpq");
        row("by its other name too", "postgres:///d", "asked libpq");
    }
    void storesAreTold() {
        QFETCH(const QString, text);
        QFETCH(const QString, answer);
        QCOMPARE(readStore(text), answer);
    }

    /// What libpq would cut in another place than the user meant never reaches it.
    void storeUrlsThatLieNeverReachLibpq_data() {
        QTest::addColumn<QString>("url");
        for (const char* url :
             {"postgresql://me:ab/marker@127.0.0.1:5999/db", "postgresql://me:ab#marker@h/db",
              "postgresql://me:ab?marker@h/db", "postgresql://me:ab@marker@h/db", "postgresql://me:ab%marker@h/db",
              "postgresql://h/db?password=a@marker", "postgresql://h/d b?password=marker"}) {
            QTest::newRow(url) << QString::fromLatin1(url);
        }
    }
    void storeUrlsThatLieNeverReachLibpq() {
        QFETCH(const QString, url);
        const QString said = readStore(url);
        QVERIFY2(said.contains(QString::fromLatin1(kHint)) && !said.contains(QStringLiteral("marker")),
                 qPrintable(said));
    }

    void postgresPortsAreNumbersAsManyAsHosts_data() {
        QTest::addColumn<QString>("hosts");
        QTest::addColumn<QString>("ports");
        QTest::addColumn<bool>("isGood");
        const auto row = [](const char* rule, const char* hosts, const char* ports, bool isGood) {
            QTest::newRow(rule) << QString::fromLatin1(hosts) << QString::fromLatin1(ports) << isGood;
        };
        row("none", "", "", true);
        row("one of each", "h", "5432", true);
        row("one for all", "a,b", "5432", true);
        row("one each", "a,b", "1,2", true);
        row("one of two", "a,b", ",2", true);
        row("more hosts than ports", "a,b,c", "1,2", false);
        row("more ports than hosts", "a", "1,2", false);
        row("what should have been a password", "me", "ab", false);
    }
    void postgresPortsAreNumbersAsManyAsHosts() {
        QFETCH(const QString, hosts);
        QFETCH(const QString, ports);
        QFETCH(const bool, isGood);
        const auto address =
            PostgresAddress::create({{"host", hosts.toStdString()}, {"port", ports.toStdString()}}, {});
        QCOMPARE(bool(address), isGood);
    }

    void daemons_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("answer"); // the daemons, or why there are none
        const auto row = [](const char* rule, const char* text, const char* answer) {
            QTest::newRow(rule) << QString::fromLatin1(text) << QString::fromLatin1(answer);
        };
        row("one", "a:1", "a:1");
        row("several", "a:1,10.0.0.1:65535", "a:1 10.0.0.1:65535");
        row("with room between them", " a:1 , b:2 ", "a:1 b:2");
        row("an IPv6 address in brackets", "[::1]:8081", "[::1]:8081");
        row("every address of a name", "dns:producers.example:8081", "dns:producers.example:8081");
        row("one that is named twice counts once", "a:1,b:2,a:1", "a:1 b:2");
        row("as an address and by name is two", "a:1,dns:a:1", "a:1 dns:a:1");
        row("none", "", "It names no daemon.");
        row("no port", "a", "'a' is neither HOST:PORT nor dns:NAME:PORT.");
        row("a name without a port", "dns:a", "'dns:a' is neither HOST:PORT nor dns:NAME:PORT.");
        row("a port out of range", "a:70000", "'a:70000' is neither HOST:PORT nor dns:NAME:PORT.");
        row("a URL", "http://a:1", "'http://a:1' is neither HOST:PORT nor dns:NAME:PORT.");
        row("another scheme", "srv:a:1", "'srv:a:1' is neither HOST:PORT nor dns:NAME:PORT.");
        row("the second is wrong", "a:1,b", "'b' is neither HOST:PORT nor dns:NAME:PORT.");
    }
    void daemons() {
        QFETCH(const QString, text);
        const auto read = core::readDaemons(text.toStdString());
        QStringList answer;
        for (const std::string& each : read ? *read : std::vector{read.error().message}) {
            answer += QString::fromStdString(each);
        }
        QTEST(answer.join(QLatin1Char(' ')), "answer");
    }

    void aNameOfDaemonsIsNoAddress() {
        QCOMPARE(core::nameOfDaemons("dns:producers.example:8081"),
                 std::optional(core::ServerName{"producers.example", 8081}));
        QVERIFY(!core::nameOfDaemons("producers.example:8081"));
    }

    void aPostgresIsShownWithoutItsSecrets() {
        const auto address = PostgresAddress::create({{"user", "m e"},
                                                      {"dbname", "d/b"},
                                                      {"host", "/var/run,::1,h"},
                                                      {"port", "5432"},
                                                      {"sslmode", "require"},
                                                      {"options", "-c a=b"}},
                                                     {{"password", Secret("p@ss")}, {"sslpassword", Secret("x")}});
        QVERIFY(address);
        const QString shown = QStringLiteral("postgresql://m%20e@%2Fvar%2Frun:5432,[::1]:5432,h:5432/d%2Fb"
                                             "?sslmode=require&options=-c%20a%3Db");
        QCOMPARE(QString::fromStdString(address->shown()), shown);
        const PostgresAddress other = address->withPassword(Secret("new"));
        QCOMPARE(QString::fromStdString(other.shown()), shown);
        QCOMPARE(other.secrets(),
                 (PostgresAddress::Secrets{{"sslpassword", Secret("x")}, {"password", Secret("new")}}));
    }

    void aTargetIsShownWithoutItsSecrets() {
        QVERIFY(core::Target().isEmbedded());
        QVERIFY(core::Target().shown() == (core::ShownTarget{"embedded", "embedded", "memory"}));
        const auto broker = core::BrokerAddress::create("[::1]:9092");
        const auto dedupe = core::DedupeAddress::create("redis://me:secret@h:6379/2");
        const core::Target target{*broker, core::StoreAddress::ofFile("a b.db"), *dedupe};
        QVERIFY(!target.isEmbedded());
        QVERIFY(target.shown() == (core::ShownTarget{"[::1]:9092", "sqlite:a b.db", "redis://me:@h:6379/2"}));
    }
};

TEST_CLASS(AddressTest)
#include "tst_address.moc"
