// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/junit_xml.h"

#include "core/report/run_words.h"
#include "core/text/markup_text.h"
#include "core/verdict/rule_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace core {
namespace {

struct TestCase {
    enum class Outcome { Passed, Failure, Error, Skipped };
    std::string name;
    Outcome outcome = Outcome::Passed;
    std::string type{}, message{};
};

TestCase caseOf(const RuleOutcome& rule) {
    TestCase test{nameOf(rule.rule)};
    if (rule.status == RuleStatus::Passed) {
        return test;
    }
    test.outcome = TestCase::Outcome::Failure;
    if (rule.status == RuleStatus::NotEvaluated) {
        test.type = "not evaluated";
        test.message = "could not be evaluated: " + rule.reason;
        return test;
    }
    const std::string margin = marginOf(rule);
    test.type = "rule missed";
    test.message =
        fmt::format("{}; the rule is {}{}", valueText(rule), rule.rule.text, margin.empty() ? "" : ": " + margin);
    if (rule.brokeAtSeconds) {
        test.message += fmt::format(", since {:.1f} s", *rule.brokeAtSeconds);
    }
    return test;
}

TestCase ledgerCase(const RunResult& result) {
    const IdCounts& ids = result.ledger.ids;
    TestCase test{"ledger: every acknowledged event is stored once"};
    const bool clean = ids.lost == 0 && ids.doubled == 0 && ids.unexpected == 0 && ids.undrained == 0 &&
                       result.verdict.status != VerdictStatus::Lost && result.ledger.closed;
    if (clean) {
        return test;
    }
    test.outcome = TestCase::Outcome::Failure;
    test.type = "ledger";
    test.message = "the ledger was not closed: what was lost or doubled is not known";
    if (result.ledger.closed) {
        test.message = fmt::format("lost {}, doubled {}, unexpected {}, undrained {}; all must be 0", ids.lost,
                                   ids.doubled, ids.unexpected, ids.undrained);
    }
    return test;
}

bool counts(VerdictStatus status) {
    return status == VerdictStatus::Passed || status == VerdictStatus::Failed || status == VerdictStatus::Lost;
}

bool isBroken(VerdictStatus status) {
    return status == VerdictStatus::Invalid || status == VerdictStatus::Unreachable ||
           status == VerdictStatus::Internal;
}

/// Readers take two cases of one name for one.
void tellApart(std::vector<TestCase>& cases) {
    std::set<std::string> taken;
    for (TestCase& test : cases) {
        const std::string name = test.name;
        for (int n = 2; !taken.insert(test.name).second; ++n) {
            test.name = fmt::format("{} ({})", name, n);
        }
    }
}

std::vector<TestCase> casesOf(const RunResult& result) {
    using Outcome = TestCase::Outcome;
    const VerdictStatus status = result.verdict.status;
    // A run that was stopped is neither a success nor a failure: what it missed is missed, what held did so until then.
    const bool stopped = !counts(status) && !isBroken(status);
    std::vector<TestCase> cases;
    for (const RuleOutcome& rule : result.verdict.rules) {
        TestCase test = caseOf(rule);
        if (stopped && rule.status != RuleStatus::Failed) {
            test.message = test.outcome == Outcome::Passed ? "held until the run was stopped" : test.message;
            test.outcome = Outcome::Skipped;
        }
        cases.push_back(std::move(test));
    }
    TestCase ledger = ledgerCase(result);
    if (stopped && !result.ledger.closed) {
        ledger.outcome = Outcome::Skipped;
    }
    cases.push_back(std::move(ledger));
    if (!counts(status)) {
        cases.push_back({"the run counts", stopped ? Outcome::Skipped : Outcome::Error, std::string(nameOf(status)),
                         result.verdict.summary});
    }
    tellApart(cases);
    return cases;
}

/// Readers make packages of what stands between dots.
std::string classNameOf(const RunResult& result) {
    std::string name = result.name;
    std::ranges::replace(name, '.', '_');
    return "millrace." + name;
}

std::string textOf(const TestCase& test, const std::string& className) {
    const std::string text = fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"0\"", markupText(className),
                                         markupText(test.name));
    if (test.outcome == TestCase::Outcome::Passed) {
        return text + "/>\n";
    }
    if (test.outcome == TestCase::Outcome::Skipped) {
        return text + fmt::format(">\n      <skipped message=\"{}\"/>\n    </testcase>\n", markupText(test.message));
    }
    const std::string_view element = test.outcome == TestCase::Outcome::Failure ? "failure" : "error";
    return text + fmt::format(">\n      <{0} type=\"{1}\" message=\"{2}\">{2}</{0}>\n    </testcase>\n", element,
                              markupText(test.type), markupText(test.message));
}

} // namespace

std::string junitXml(const RunResult& result) {
    const std::vector<TestCase> cases = casesOf(result);
    const auto count = [&cases](TestCase::Outcome outcome) {
        return std::count_if(cases.begin(), cases.end(),
                             [outcome](const TestCase& test) { return test.outcome == outcome; });
    };
    const std::string name = markupText(result.name);
    const std::string totals =
        fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"{:.3f}\"", cases.size(),
                    count(TestCase::Outcome::Failure), count(TestCase::Outcome::Error), result.seconds);
    std::string xml =
        fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"millrace\" {0}>\n"
                    "  <testsuite name=\"{1}\" {0} skipped=\"{4}\" timestamp=\"{2}\" id=\"{3}\">\n",
                    totals, name, markupText(result.started), markupText(result.id), count(TestCase::Outcome::Skipped));
    for (const TestCase& test : cases) {
        xml += textOf(test, classNameOf(result));
    }
    return xml + "  </testsuite>\n</testsuites>\n";
}

} // namespace core
