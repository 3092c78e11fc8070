// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/host/host_probe.h"

#include <fmt/format.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <ctime>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string_view>
#include <thread>
#include <vector>

namespace services {
namespace {

namespace fs = std::filesystem;
using core::Bytes;
using core::Nanoseconds;

std::string readFile(const std::filesystem::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::uint64_t numberOf(std::string_view text) {
    std::uint64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

std::vector<std::string_view> words(std::string_view line) {
    std::vector<std::string_view> found;
    std::size_t at = 0;
    while ((at = line.find_first_not_of(" \t", at)) != std::string_view::npos) {
        const std::size_t end = std::min(line.find_first_of(" \t", at), line.size());
        found.push_back(line.substr(at, end - at));
        at = end;
    }
    return found;
}

std::vector<std::string_view> lines(std::string_view text) {
    std::vector<std::string_view> found;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        found.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return found;
}

/// The rest of the line that begins with `name`, up to the first colon or equals sign; empty if there is none.
std::string_view valueOf(std::string_view text, std::string_view name) {
    for (const std::string_view line : lines(text)) {
        const std::size_t mark = line.find_first_of(":=");
        if (mark == std::string_view::npos) {
            continue;
        }
        const std::string_view key = line.substr(0, line.find_last_not_of(" \t", mark - 1) + 1);
        if (key != name) {
            continue;
        }
        const std::size_t from = line.find_first_not_of(" \t", mark + 1);
        return from == std::string_view::npos ? std::string_view{} : line.substr(from);
    }
    return {};
}

Bytes kibibytes(std::string_view text, std::string_view name) {
    return {numberOf(valueOf(text, name)) * 1024};
}

Nanoseconds processCpu() {
    timespec used{};
    // Finer than the clock ticks of /proc/self/stat, of which a quarter of a second has 25.
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return std::chrono::seconds(used.tv_sec) + Nanoseconds(used.tv_nsec);
}

core::Instant now() {
    return std::chrono::steady_clock::now();
}

struct Traffic {
    Bytes in, out;
};

Traffic trafficOf(std::string_view netDev) {
    Traffic sum;
    for (const std::string_view line : lines(netDev)) {
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos) {
            continue; // the two lines of the head
        }
        const auto figures = words(line.substr(colon + 1));
        if (figures.size() < 9) {
            continue;
        }
        sum.in.count += numberOf(figures[0]);
        sum.out.count += numberOf(figures[8]);
    }
    return sum;
}

/// Of a control group of version 2, else 1; nothing: it sets no limit.
std::optional<double> limitOf(const fs::path& group) {
    const std::string text = readFile(group / "cpu.max");
    if (const auto parts = words(text); parts.size() >= 2 && parts[0] != "max" && numberOf(parts[1]) > 0) {
        return static_cast<double>(numberOf(parts[0])) / static_cast<double>(numberOf(parts[1]));
    }
    const std::string quota = readFile(group / "cpu.cfs_quota_us");
    const std::uint64_t period = numberOf(readFile(group / "cpu.cfs_period_us"));
    if (!quota.empty() && quota.front() != '-' && period > 0) {
        return static_cast<double>(numberOf(quota)) / static_cast<double>(period);
    }
    return std::nullopt;
}

/// True if the comma-separated list holds the word.
bool lists(std::string_view list, std::string_view word) {
    const std::string all = "," + std::string(list) + ",";
    return all.find("," + std::string(word) + ",") != std::string::npos;
}

/// Where this process stands in the hierarchy that governs the CPU: of version 2 an empty list of controllers, of
/// version 1 the one with "cpu" (cgroups(7)).
std::optional<std::string> groupOf(std::string_view cgroup, bool unified) {
    for (const std::string_view line : lines(cgroup)) {
        const std::size_t first = line.find(':');
        const std::size_t second = line.find(':', first + 1);
        if (second == std::string_view::npos) {
            continue;
        }
        const std::string_view controllers = line.substr(first + 1, second - first - 1);
        if (unified ? controllers.empty() : lists(controllers, "cpu")) {
            return std::string(line.substr(second + 1));
        }
    }
    return std::nullopt;
}

/// The tightest limit on the way from this process' own control group up to where the hierarchy is mounted.
std::optional<double> groupLimit(const fs::path& proc, const fs::path& root) {
    const std::string mounts = readFile(proc / "self/mountinfo");
    const std::string cgroup = readFile(proc / "self/cgroup");
    std::optional<double> tightest;
    for (const std::string_view line : lines(mounts)) {
        const auto fields = words(line); // proc(5): … the mount's root, its place, …, "-", type, source, options
        const auto dash = std::ranges::find(fields, "-");
        if (fields.size() < 5 || fields.end() - dash < 4) {
            continue;
        }
        const bool unified = dash[1] == "cgroup2";
        if (!unified && (dash[1] != "cgroup" || !lists(dash[3], "cpu"))) {
            continue;
        }
        std::string own = groupOf(cgroup, unified).value_or("/");
        if (fields[3] != "/") { // a container that sees a part of the hierarchy only
            own = own.starts_with(fields[3]) ? own.substr(fields[3].size()) : "";
        }
        const fs::path top = root / fs::path(fields[4]).relative_path();
        const fs::path below = fs::path(own).relative_path().lexically_normal();
        fs::path group = top;
        const auto tighten = [&] {
            if (const auto limit = limitOf(group); limit && (!tightest || *limit < *tightest)) {
                tightest = limit;
            }
        };
        tighten();
        for (const fs::path& part : below) {
            group /= part;
            tighten();
        }
    }
    return tightest;
}

/// How many processors "0-3,8" names.
int countOf(std::string_view list) {
    int count = 0;
    while (!list.empty()) {
        const std::string_view range = list.substr(0, list.find(','));
        const std::size_t dash = range.find('-');
        const auto from = static_cast<int>(numberOf(range));
        const int until = dash == std::string_view::npos ? from : static_cast<int>(numberOf(range.substr(dash + 1)));
        count += until - from + 1;
        list.remove_prefix(std::min(range.size() + 1, list.size()));
    }
    return count;
}

/// What this process may use of the cores, and why; nothing: all of them.
std::optional<std::string> cpuLimit(const fs::path& proc, const fs::path& root, int cores) {
    const int allowed = countOf(valueOf(readFile(proc / "self/status"), "Cpus_allowed_list"));
    const bool pinned = allowed > 0 && allowed < cores;
    const auto limit = groupLimit(proc, root);
    if (limit && *limit < (pinned ? allowed : cores)) {
        return fmt::format("{:.2f} of {} cores (control group)", *limit, cores);
    }
    return pinned ? std::optional(fmt::format("{} of {} cores (affinity)", allowed, cores)) : std::nullopt;
}

int coresOf(std::string_view stat) {
    const auto cores = std::ranges::count_if(lines(stat), [](std::string_view line) {
        return line.size() > 3 && line.starts_with("cpu") && line[3] >= '0' && line[3] <= '9';
    });
    return cores > 0 ? static_cast<int>(cores) : static_cast<int>(std::thread::hardware_concurrency());
}

std::string unquoted(std::string_view text) {
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
        text = text.substr(1, text.size() - 2);
    }
    return std::string(text);
}

} // namespace

HostProbe::HostProbe(std::filesystem::path proc)
    : m_proc(std::move(proc)), m_ticks(machineTicks()), m_at(now()), m_processCpu(processCpu()) {}

std::string HostProbe::read(const char* name) const {
    return readFile(m_proc / name);
}

HostProbe::MachineTicks HostProbe::machineTicks() const {
    MachineTicks ticks;
    const std::string text = read("stat");
    for (const std::string_view line : lines(text)) {
        if (!line.starts_with("cpu")) {
            break;
        }
        const auto figures = words(line);
        if (figures[0] != "cpu") {
            ++ticks.cores;
            continue;
        }
        // user nice system idle iowait irq softirq steal; guest time is part of user already (proc(5)).
        for (std::size_t i = 1; i < figures.size() && i <= 8; ++i) {
            ticks.all += numberOf(figures[i]);
            if (i != 4 && i != 5) {
                ticks.busy += numberOf(figures[i]);
            }
        }
    }
    return ticks;
}

core::HostSample HostProbe::sample() {
    core::HostSample sample;
    const core::Instant at = now();
    const Nanoseconds cpu = processCpu();
    if (at > m_at) {
        sample.processCpu =
            static_cast<double>((cpu - m_processCpu).count()) / static_cast<double>((at - m_at).count());
    }
    m_at = at;
    m_processCpu = cpu;

    const MachineTicks ticks = machineTicks();
    sample.cores = ticks.cores > 0 ? ticks.cores : static_cast<int>(std::thread::hardware_concurrency());
    // Two samples within one tick say nothing new. Idle time may step back a little on some kernels.
    if (ticks.all > m_ticks.all && ticks.busy >= m_ticks.busy) {
        const double share =
            static_cast<double>(ticks.busy - m_ticks.busy) / static_cast<double>(ticks.all - m_ticks.all);
        m_lastMachineCpu = std::min(share, 1.0) * sample.cores;
        m_ticks = ticks;
    }
    sample.machineCpu = m_lastMachineCpu;

    sample.residentSet = kibibytes(read("self/status"), "VmRSS");
    sample.memoryAvailable = kibibytes(read("meminfo"), "MemAvailable");
    const std::string io = read("self/io");
    sample.diskRead = {numberOf(valueOf(io, "read_bytes"))};
    sample.diskWritten = {numberOf(valueOf(io, "write_bytes"))};
    const Traffic traffic = trafficOf(read("net/dev"));
    sample.networkIn = traffic.in;
    sample.networkOut = traffic.out;
    return sample;
}

std::map<std::string, std::string> hostFacts(const std::filesystem::path& proc, const std::filesystem::path& root) {
    std::map<std::string, std::string> facts;
    const std::string cpuInfo = readFile(proc / "cpuinfo");
    if (const auto model = valueOf(cpuInfo, "model name"); !model.empty()) {
        facts["cpu"] = model;
    }
    const int cores = coresOf(readFile(proc / "stat"));
    facts["cores"] = std::to_string(cores);
    if (const auto limit = cpuLimit(proc, root, cores)) {
        facts["cpu limit"] = *limit;
    }
    const double gibibytes =
        static_cast<double>(kibibytes(readFile(proc / "meminfo"), "MemTotal").count) / (1024.0 * 1024.0 * 1024.0);
    facts["memory"] = fmt::format("{:.1f} GiB", gibibytes);
    utsname names{};
    if (uname(&names) == 0) {
        facts["kernel"] = fmt::format("{} {} {}", names.sysname, names.release, names.machine);
        facts["host"] = names.nodename;
    }
    if (const std::string release = readFile("/etc/os-release"); !release.empty()) {
        facts["os"] = unquoted(valueOf(release, "PRETTY_NAME"));
    }
    return facts;
}

core::ClockPair clockPair() {
    core::ClockPair pair;
    // The wall clock between two readings of the monotonic one; the closest of a few, so that being scheduled away
    // in between does not shift every due time.
    Nanoseconds best = Nanoseconds::max();
    for (int attempt = 0; attempt < 5; ++attempt) {
        const core::Instant before = now();
        const core::WallTime wall = std::chrono::system_clock::now();
        const core::Instant after = now();
        if (after - before >= best) {
            continue;
        }
        best = after - before;
        pair.wall = wall;
        pair.monotonic = before + (after - before) / 2;
    }
    const std::string id = readFile("/proc/sys/kernel/random/boot_id");
    pair.bootId = id.substr(0, id.find('\n'));
    return pair;
}

} // namespace services
