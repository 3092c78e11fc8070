// SPDX-License-Identifier: GPL-3.0-or-later
#include "route_bench.h"
#include "services/api/load_routes.h"
#include "services/api/member_routes.h"
#include "services/api/openapi.h"
#include "services/api/part_routes.h"
#include "services/gateway/gateway_routes.h"
#include "services/store/store.h"
#include "services/store/store_address.h"
#include "store_rows.h"
#include "tests/test_class.h"

#include <QSet>
#include <QTemporaryDir>
#include <QTest>

using Json = nlohmann::json;
using services::http::Method;
using services::http::Router;

/// The document against the routers of all roles, in both directions.
class TestOpenApi : public QObject {
    Q_OBJECT

    static const Json& document() {
        static const Json parsed = Json::parse(services::openApiDocument());
        return parsed;
    }
    static QString text(std::string_view view) {
        return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
    }

    static fakes::Part downPart() {
        fakes::Part part;
        part.ends = {{"kafka", false, true, "It is silent."}};
        return part;
    }
    /// What a role answers, with a store that holds an event and a run.
    struct Served {
        explicit Served(const QString& role) {
            const bool producer = role == QLatin1String("producer");
            const bool consumer = role == QLatin1String("consumer");
            if (role == QLatin1String("gateway")) {
                openGateway();
                gatewayFeed = std::make_unique<services::PartFeed>(*gateway);
                services::addGatewayRoutes(router, *gateway, *gatewayFeed);
            }
            services::addPartRoutes(
                router, gatewayFeed ? *gatewayFeed : feed,
                {.role = role.toStdString(), .roles = {.producer = producer, .consumer = consumer}});
            if (producer) {
                services::addLoadRoutes(router, load, feed);
            }
            if (producer || consumer) {
                services::addMemberRoutes(router, member);
            }
        }
        void openGateway() {
            core::Target target;
            target.store =
                *services::readStoreAddress("sqlite:" + folder.filePath(QStringLiteral("events")).toStdString());
            auto store = std::move(*services::openStore({.address = target.store, .clusterId = "c", .runId = "r"}));
            const core::Status ready = store->prepare(store_rows::kDue);
            store_rows::Writer writer(std::move(*store->session("worker", {})));
            written = ready && writer.begin() && writer.commit(store_rows::rowsOf(0, 1)) &&
                      store->registerRun("r", "{\"run\":{\"name\":\"baseline\"}}", store_rows::kDue);
            gateway = std::make_unique<services::GatewayRole>(
                services::GatewayRole::Options{{}, target, {{"127.0.0.1:1"}, {}}, {}});
        }
        QTemporaryDir folder;
        bool written = true;
        fakes::Part part = downPart();
        services::PartFeed feed{part};
        fakes::LoadControl load;
        fakes::RunMember member;
        std::unique_ptr<services::GatewayRole> gateway;
        std::unique_ptr<services::PartFeed> gatewayFeed;
        Router router;
    };

    /// Why the value is not as the schema says; empty: it is.
    static QString misfit(const Json& schema, const Json& value, const QString& at) {
        if (schema.contains("$ref")) {
            return misfit(document().at(Json::json_pointer(schema["$ref"].get<std::string>().substr(1))), value, at);
        }
        const auto list = [](const Json& one) { return one.is_array() ? one : Json::array({one}); };
        if (schema.contains("enum") && std::ranges::find(schema["enum"], value) == schema["enum"].end()) {
            return at + QStringLiteral(" is none of the words");
        }
        if (schema.contains("const") && schema["const"] != value) {
            return at + QStringLiteral(" is another word");
        }
        if (schema.contains("type") && !std::ranges::any_of(list(schema["type"]), [&](const Json& type) {
                return type == "integer"  ? value.is_number_integer()
                       : type == "number" ? value.is_number()
                                          : type == value.type_name();
            })) {
            return at + QStringLiteral(" is of another type");
        }
        for (const Json& name : schema.value("required", Json::array())) {
            if (!value.contains(name.get<std::string>())) {
                return at + QLatin1Char('.') + text(name.get<std::string>()) + QStringLiteral(" is missing");
            }
        }
        if (value.is_object() && (schema.contains("properties") || schema.contains("additionalProperties"))) {
            const Json known = schema.value("properties", Json::object());
            for (const auto& [name, item] : value.items()) {
                const QString below = at + QLatin1Char('.') + text(name);
                if (!known.contains(name) && !schema.contains("additionalProperties")) {
                    return below + QStringLiteral(" is not documented");
                }
                const QString wrong =
                    misfit(known.contains(name) ? known[name] : schema["additionalProperties"], item, below);
                if (!wrong.isEmpty()) {
                    return wrong;
                }
            }
        }
        for (std::size_t i = 0; value.is_array() && schema.contains("items") && i < value.size(); ++i) {
            if (const QString wrong = misfit(schema["items"], value[i], at + QStringLiteral("[%1]").arg(i));
                !wrong.isEmpty()) {
                return wrong;
            }
        }
        return {};
    }

    static void forEachReference(const Json& node, const std::function<void(const std::string&)>& each) {
        for (const auto& [name, child] : node.items()) {
            if (name == "$ref") {
                each(child.get<std::string>());
            } else if (child.is_structured()) {
                forEachReference(child, each);
            }
        }
    }
    static void addRoles() {
        QTest::addColumn<QString>("role");
        for (const char* const role : {"producer", "consumer", "gateway"}) {
            QTest::newRow(role) << QString::fromLatin1(role);
        }
    }

private Q_SLOTS:
    void routesAndDocumentAreTheSame_data() { addRoles(); }
    void routesAndDocumentAreTheSame() {
        QFETCH(const QString, role);
        QStringList documented;
        for (const auto& [path, item] : document()["paths"].items()) {
            const Json& roles = item.at("x-roles");
            for (const auto& [method, operation] : item.items()) {
                if (method != "x-roles" && std::ranges::find(roles, Json(role.toStdString())) != roles.end()) {
                    documented << text(method).toUpper() + QLatin1Char(' ') + text(path);
                }
            }
        }
        QStringList answered;
        const Served served(role);
        for (const Router::Route& route : served.router.routes()) {
            answered << text(nameOf(route.method)) + QLatin1Char(' ') + text(route.pattern);
        }
        documented.sort();
        answered.sort();
        QCOMPARE(answered, documented);
    }

    void whatNeedsNoTokenIsMarkedSo_data() { addRoles(); }
    void whatNeedsNoTokenIsMarkedSo() {
        QFETCH(const QString, role);
        const Served served(role);
        for (const Router::Route& route : served.router.routes()) {
            const Json& operation = document()["paths"][route.pattern][route.method == Method::Get ? "get" : "post"];
            QVERIFY2((operation.value("security", Json()) == Json::array()) == route.open, route.pattern.c_str());
            QVERIFY2(operation["responses"].contains("401") != route.open, route.pattern.c_str());
        }
    }

    void rolesAreThoseThatThereAre() {
        for (const auto& [path, item] : document()["paths"].items()) {
            QVERIFY2(!item["x-roles"].empty(), path.c_str());
            for (const Json& role : item["x-roles"]) {
                QVERIFY2(role == "producer" || role == "consumer" || role == "gateway", path.c_str());
            }
        }
    }

    void everyReferenceResolvesAndEverySchemaIsUsed() {
        QSet<QString> used;
        forEachReference(document(), [&](const std::string& reference) {
            QVERIFY2(reference.starts_with("#/"), reference.c_str());
            QVERIFY2(document().contains(Json::json_pointer(reference.substr(1))), reference.c_str());
            used.insert(text(reference));
        });
        for (const auto& [name, schema] : document()["components"]["schemas"].items()) {
            QVERIFY2(used.contains(QStringLiteral("#/components/schemas/") + text(name)), name.c_str());
        }
    }

    void variablesOfAPathAreItsParameters() {
        for (const auto& [path, item] : document()["paths"].items()) {
            for (const auto& [method, operation] : item.items()) {
                if (method == "x-roles") {
                    continue;
                }
                qsizetype variables = 0;
                for (const Json& parameter : operation.value("parameters", Json::array())) {
                    if (parameter["in"] == "path") {
                        ++variables;
                        QVERIFY2(path.find("{" + parameter["name"].get<std::string>() + "}") != std::string::npos,
                                 path.c_str());
                    }
                }
                QCOMPARE(std::ranges::count(path, '{'), variables);
            }
        }
    }

    void answersAreAsTheDocumentSays_data() {
        QTest::addColumn<QString>("role");
        QTest::addColumn<QString>("request");
        QTest::addColumn<QString>("pattern"); // empty: the request's path
        QTest::addColumn<int>("status");
        const auto row = [](const char* role, const char* request, const char* pattern, int status) {
            QTest::addRow("%s %s", role, request)
                << QString::fromLatin1(role) << QString::fromLatin1(request) << QString::fromLatin1(pattern) << status;
        };
        row("producer", "GET /actuator/health", "", 503);
        row("gateway", "GET /actuator/health", "", 200);
        row("producer", "GET /actuator/health/liveness", "", 200);
        row("consumer", "GET /actuator/health/readiness", "", 503);
        row("producer", "GET /actuator/metrics", "", 200);
        row("producer", "GET /actuator/metrics/kafka.producer.send.time", "/actuator/metrics/{name}", 200);
        row("consumer", "GET /actuator/metrics/process.cpu.usage", "/actuator/metrics/{name}", 200);
        row("consumer", "GET /actuator/metrics/nothing", "/actuator/metrics/{name}", 404);
        row("consumer", "GET /api/snapshot", "", 200);
        row("gateway", "GET /api/snapshot", "", 200);
        row("gateway", "GET /openapi.json", "", 200);
        row("producer", "GET /api/load/stats", "", 200);
        row("producer", "POST /api/load/burst", "", 200);
        row("producer", "POST /api/load/burst?rate=0", "/api/load/burst", 400);
        row("producer", "POST /api/load/start", "", 200);
        row("producer", "POST /api/load/rate?rate=5", "/api/load/rate", 200);
        row("producer", "POST /api/load/rate", "", 400);
        row("producer", "POST /api/load/stop", "", 200);
        row("producer", "POST /api/load/pause", "", 200);
        row("producer", "POST /api/load/resume", "", 200);
        row("producer", "POST /api/load/reset", "", 200);
        row("producer", "GET /api/time", "", 200);
        row("consumer", "GET /api/run?id=x", "/api/run", 404);
        row("producer", "GET /api/run/told?id=r", "/api/run/told", 200);
        row("producer", "GET /api/run/told?id=x", "/api/run/told", 404);
        row("producer", "POST /api/run/finish?id=r&limitNs=5", "/api/run/finish", 200);
        row("producer", "POST /api/run/finish?id=r", "/api/run/finish", 400);
        row("consumer", "POST /api/run/release?id=r", "/api/run/release", 200);
        row("consumer", "POST /api/run/begin?id=r", "/api/run/begin", 400);
        row("producer", "POST /api/run/command?id=r&number=1&atNs=0", "/api/run/command", 400);
        row("gateway", "GET /api/metrics/summary", "", 200);
        row("gateway", "GET /api/metrics/throughput", "", 200);
        row("gateway", "GET /api/metrics/latency", "", 200);
        row("gateway", "GET /api/lag", "", 404);
        row("gateway", "GET /api/logs", "", 200);
        row("gateway", "GET /api/logs?level=WARN&source=payment-service&limit=1", "/api/logs", 200);
        row("gateway", "GET /api/logs?limit=1001", "/api/logs", 400);
        row("gateway", "GET /api/logs?level=LOUD", "/api/logs", 400);
        row("gateway", "GET /api/logs?from=yesterday", "/api/logs", 400);
        row("gateway", "GET /api/logs?after=1", "/api/logs", 400);
        row("gateway", "GET /api/runs", "", 200);
        row("gateway", "GET /api/runs/r", "/api/runs/{id}", 200);
        row("gateway", "GET /api/runs/other", "/api/runs/{id}", 404);
    }
    void answersAreAsTheDocumentSays() {
        QFETCH(const QString, role);
        QFETCH(const QString, request);
        QFETCH(const QString, pattern);
        QFETCH(const int, status);
        const Served served(role);
        QVERIFY(served.written);
        const Method method = request.startsWith(QLatin1String("POST")) ? Method::Post : Method::Get;
        const QString target = request.section(QLatin1Char(' '), 1);
        const auto response = fakes::ask(served.router, method, target.toStdString());
        QVERIFY2(response.status == status, response.body.c_str());
        const Json& operation = document()["paths"][(pattern.isEmpty() ? target : pattern).toStdString()]
                                          [method == Method::Get ? "get" : "post"];
        const Json& content = operation["responses"].at(std::to_string(status))["content"];
        QVERIFY2(content.contains(response.type), response.type.c_str());
        const QString wrong =
            misfit(content[response.type]["schema"], Json::parse(response.body), QStringLiteral("body"));
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong + QLatin1Char('\n') + text(response.body)));
    }

    void theSampleIsInTheAnswers() { // so that the rows above check more than empty lists
        const Served served(QStringLiteral("gateway"));
        QCOMPARE(fakes::jsonOf(fakes::get(served.router, "/api/logs"))["logs"][0]["message"], "payment declined");
        QCOMPARE(fakes::jsonOf(fakes::get(served.router, "/api/logs"))["logs"][0]["timestamp"],
                 "2027-01-15T08:00:00.000000Z");
        QCOMPARE(fakes::jsonOf(fakes::get(served.router, "/api/runs"))["runs"][0]["name"], "baseline");
        QCOMPARE(fakes::jsonOf(fakes::get(served.router, "/api/runs/r"))["run"]["name"], "baseline");
    }
};

TEST_CLASS(TestOpenApi)
#include "tst_openapi.moc"
