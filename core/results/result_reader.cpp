// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/results/result_fields.h"
#include "core/results/result_problem.h"
#include "core/results/version_1.h"
#include "core/text/wording.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <limits>
#include <utility>

namespace core {

namespace {

using Json = nlohmann::ordered_json;

/// What holds for a whole file. Keeps the first thing that is wrong; what is read after it does not matter.
struct Document {
    bool version1 = false;
    std::optional<std::string> trouble{};
};

/// A value in the file that knows its place. Wrong types leave what they are read into as it is, and are noted.
class FieldReader {
public:
    FieldReader(const Json& value, Document& document) : m_value(&value), m_document(&document) {}

    template <typename T>
    void operator()(std::string_view key, T& value) const {
        object(key, [&value](const FieldReader& member) { member.read(value); });
    }
    void operator()(std::string_view key, LatencyHistogram& histogram) const { optional(key, histogram, {}); }
    void orNull(std::string_view key, std::string& text) const {
        std::optional<std::string> found;
        (*this)(key, found);
        text = std::move(found).value_or(std::string());
    }

    template <typename T>
    void optional(std::string_view key, T& value, bool /*has*/) const {
        if (const auto* const found = find(key)) {
            FieldReader(*found, *this, key).read(value);
        }
    }
    template <typename Function>
    void shown(std::string_view /*key*/, const Function& /*derived*/) const {}
    template <typename Function>
    void object(std::string_view key, const Function& readMember) const {
        if (const auto* const found = find(key)) {
            const FieldReader member(*found, *this, key);
            readMember(member);
        } else {
            note(FieldReader(*m_value, *this, key).place() + " is missing");
        }
    }

    void parsed(Threshold& rule) const {
        if (auto whole = Threshold::parse({.rule = rule.text, .during = rule.during, .abort = rule.abort})) {
            rule = std::move(*whole);
        } else {
            FieldReader(*m_value, *this, "rule").expected("a rule; " + whole.error().text());
        }
    }

private:
    FieldReader(const Json& value, const FieldReader& parent, std::string_view key)
        : m_value(&value), m_document(parent.m_document), m_parent(&parent), m_key(key) {}
    FieldReader(const Json& value, const FieldReader& parent, std::size_t index)
        : m_value(&value), m_document(parent.m_document), m_parent(&parent), m_index(index) {}

    const Json* find(std::string_view key) const {
        if (!m_value->is_object()) {
            expected("an object");
            return nullptr;
        }
        const auto found = m_value->find(std::string(key));
        return found == m_value->end() ? nullptr : &*found;
    }

    /// "verdict.rules[2].status".
    std::string place() const {
        const auto before = m_parent == nullptr ? std::string() : m_parent->place();
        if (m_index) {
            return fmt::format("{}[{}]", before, *m_index);
        }
        return before.empty() ? std::string(m_key) : fmt::format("{}.{}", before, m_key);
    }
    void note(std::string found) const {
        if (!m_document->trouble) {
            m_document->trouble = std::move(found);
        }
    }
    void expected(std::string_view what) const { note(fmt::format("{}: expected {}", place(), what)); }

    /// As the type that the file should have there.
    template <typename T>
    void take(bool fits, std::string_view what, T& value) const {
        if (fits) {
            m_value->get_to(value);
        } else {
            expected(what);
        }
    }

    void read(bool& value) const { take(m_value->is_boolean(), "true or false", value); }
    void read(std::string& value) const { take(m_value->is_string(), "a text", value); }
    void read(std::uint64_t& value) const { take(m_value->is_number_unsigned(), "a whole number from 0", value); }
    void read(std::uint32_t& value) const {
        std::uint64_t number = 0;
        read(number);
        value = static_cast<std::uint32_t>(number);
        if (value != number) {
            expected("a smaller number");
        }
    }
    /// Not a number where the file says null: not known.
    void read(double& value) const {
        if (m_value->is_null()) {
            value = std::numeric_limits<double>::quiet_NaN();
        } else {
            take(m_value->is_number(), "a number", value);
        }
    }
    void read(Rate& rate) const { read(rate.perSecond); }
    void read(Bytes& bytes) const { read(bytes.count); }
    void read(Nanoseconds& duration) const {
        constexpr double kLongest = 9e9; // what nanoseconds hold, in seconds
        double seconds = 0;
        read(seconds);
        if (std::abs(seconds) < kLongest) {
            duration = Nanoseconds(std::llround(seconds * 1e9));
        } else {
            expected("a shorter time");
        }
    }
    void read(LatencyHistogram& histogram) const {
        std::string encoded;
        read(encoded);
        auto decoded =
            m_document->version1 ? LatencyHistogram::decode(encoded) : LatencyHistogram::fromHdrText(encoded);
        if (decoded) {
            histogram = std::move(*decoded);
        } else {
            expected("a histogram");
        }
    }
    void read(PackedHistograms& packed) const {
        MetricHistograms histograms;
        read(histograms);
        packed = PackedHistograms(histograms);
    }

    template <typename T>
    void read(std::optional<T>& value) const {
        if (!m_value->is_null()) {
            read(value.emplace());
        }
    }
    template <typename T>
    void read(std::vector<T>& values) const {
        if (!m_value->is_array()) {
            return expected("a list");
        }
        values.resize(m_value->size());
        for (std::size_t i = 0; i < values.size(); ++i) {
            FieldReader((*m_value)[i], *this, i).read(values[i]);
        }
    }
    void read(Texts& texts) const {
        if (!m_value->is_object()) {
            return expected("an object");
        }
        for (const auto& [key, value] : m_value->items()) {
            FieldReader(value, *this, key).read(texts[key]);
        }
    }

    template <typename T>
    void read(T& value) const {
        if constexpr (std::is_enum_v<T>) {
            std::string name;
            read(name);
            for (int each = 0; each <= static_cast<int>(std::get<T>(kLastValues)); ++each) {
                if (value = static_cast<T>(each); nameOf(value) == name) {
                    return;
                }
            }
            note(fmt::format("{}: {} is not known here", place(), inQuotes(name)));
        } else {
            fields(*this, value);
        }
    }
    void read(ExitCode& code) const {
        std::uint64_t number = 0;
        read(number);
        for (const auto known :
             {ExitCode::Passed, ExitCode::Internal, ExitCode::Usage, ExitCode::ThresholdMissed, ExitCode::LostOrDoubled,
              ExitCode::GeneratorSaturated, ExitCode::Unreachable, ExitCode::Interrupted}) {
            if (code = known; static_cast<std::uint64_t>(known) == number) {
                return;
            }
        }
        expected("an exit code");
    }
    void read(MarkKind& kind) const {
        std::string name;
        read(name);
        kind = markKindOf(name);
    }

    void read(Mark& mark) const {
        if (m_document->version1) {
            std::string kind, text;
            (*this)("s", mark.seconds);
            (*this)("kind", kind);
            (*this)("text", text);
            mark = markOfVersion1(mark.seconds, kind, text);
            return;
        }
        fields(*this, mark);
        if (mark.kind == MarkKind::Message) { // of a later version, too; its text names who
            mark.name.clear();
            (*this)("text", mark.detail);
        }
    }
    void read(RuleOutcome& outcome) const {
        if (!m_document->version1) {
            return fields(*this, outcome);
        }
        std::string value, margin;
        (*this)("rule", outcome.rule.text);
        orNull("during", outcome.rule.during);
        parsed(outcome.rule);
        (*this)("status", outcome.status);
        (*this)("broke_at_s", outcome.brokeAtSeconds);
        orNull("reason", outcome.reason);
        orNull("value", value);
        orNull("margin", margin);
        readFiguresOfVersion1(outcome, value, margin);
    }

    const Json* m_value;
    Document* m_document;
    const FieldReader* m_parent = nullptr;
    std::string_view m_key;
    std::optional<std::size_t> m_index;
};

} // namespace

Result<RunResult> resultFromJson(const std::string& text, const std::string& fileName) {
    Json json;
    try {
        json = Json::parse(text);
    } catch (const Json::parse_error& error) {
        return damaged(text, fileName, error.byte);
    } catch (const Json::exception&) { // a number that no type holds
        return invalid(fileName + ": the result file is damaged: a number is out of range");
    }
    const auto schema = json.is_object() && json.contains("schema") && json["schema"].is_string()
                            ? json["schema"].get<std::string>()
                            : std::string();
    if (auto problem = schemaProblem(schema, fileName)) {
        return std::move(*problem);
    }
    Document document{.version1 = schema == kFirstResultSchema};
    RunResult result;
    const FieldReader root(json, document);
    headFields(root, result);
    restFields(root, result);
    if (document.trouble) {
        return invalid(fmt::format("{}: the result file is damaged: {}", fileName, *document.trouble));
    }
    return result;
}

} // namespace core
