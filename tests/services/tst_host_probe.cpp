// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/host/host_probe.h"
#include "tests/test_class.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

namespace {

/// A folder that looks like /proc.
class FakeProc {
public:
    FakeProc() {
        QDir(m_folder.path()).mkdir(QStringLiteral("self"));
        QDir(m_folder.path()).mkdir(QStringLiteral("net"));
        write("self/status", "Name:\tmillrace\nVmHWM:\t   9000 kB\nVmRSS:\t   2012 kB\n");
        write("meminfo", "MemTotal:       24684084 kB\nMemFree: 1 kB\nMemAvailable:   24369440 kB\n");
        write("self/io", "rchar: 7\nwchar: 8\nread_bytes: 4096\nwrite_bytes: 8192\ncancelled_write_bytes: 0\n");
        write("net/dev", "Inter-|   Receive  |  Transmit\n face |bytes packets|bytes packets\n"
                         "    lo:    3193      29 0 0 0 0 0 0     100      29 0 0 0 0 0 0\n"
                         "  eth0:1000 5191 0 0 0 0 0 0   20 3624 0 0 0 0 0 0\n");
        write("stat", "cpu  100 0 100 800 0 0 0 0 0 0\ncpu0 50 0 50 400 0\ncpu1 50 0 50 400 0\nintr 5\n");
    }
    void write(const char* name, const char* text) const {
        QFile file(m_folder.filePath(QString::fromLatin1(name)));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }
    std::filesystem::path path() const { return m_folder.path().toStdString(); }

private:
    QTemporaryDir m_folder;
};

} // namespace

class TestHostProbe : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsMemoryDiskAndNetwork() {
        const FakeProc proc;
        const core::HostSample sample = services::HostProbe(proc.path()).sample();
        QCOMPARE(sample.residentSet.count, std::uint64_t{2'060'288});
        QCOMPARE(sample.memoryAvailable.count, std::uint64_t{24'954'306'560});
        QCOMPARE(sample.diskRead.count, std::uint64_t{4096});
        QCOMPARE(sample.diskWritten.count, std::uint64_t{8192});
        QCOMPARE(sample.networkIn.count, std::uint64_t{4193});
        QCOMPARE(sample.networkOut.count, std::uint64_t{120});
        QCOMPARE(sample.cores, 2);
    }

    void machineCpuIsTheBusyShareTimesTheCores() {
        const FakeProc proc;
        services::HostProbe probe(proc.path());
        // 100 ticks later: 50 busy (user 30, system 10, irq 5, steal 5), 50 idle or waiting for the disk.
        proc.write("stat", "cpu  130 0 110 840 10 5 0 5 7 0\ncpu0 1\ncpu1 1\n");
        QCOMPARE(probe.sample().machineCpu, 1.0);
        QCOMPARE(probe.sample().machineCpu, 1.0); // within the same tick: the last figure stands
    }

    void figuresThatTheSystemDoesNotTellAreZero() {
        QTemporaryDir empty;
        const core::HostSample sample = services::HostProbe(empty.path().toStdString()).sample();
        QCOMPARE(sample.residentSet.count, std::uint64_t{0});
        QCOMPARE(sample.machineCpu, 0.0);
        QCOMPARE(sample.networkIn.count, std::uint64_t{0});
        QVERIFY(sample.cores > 0);
    }

    void processCpuCountsThisProcess() {
        services::HostProbe probe;
        volatile std::uint64_t work = 0;
        const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(200);
        while (std::chrono::steady_clock::now() < until) {
            work = work + 1;
        }
        const core::HostSample sample = probe.sample();
        QVERIFY2(sample.processCpu > 0.1, qPrintable(QString::number(sample.processCpu)));
        QVERIFY2(sample.processCpu <= 1.5, qPrintable(QString::number(sample.processCpu)));
        QVERIFY(sample.residentSet.count > 1'000'000);
    }

    void factsNameTheMachine() {
        const auto facts = services::hostFacts();
        for (const char* name : {"cores", "memory", "kernel", "os", "host"}) {
            QVERIFY2(!facts.at(name).empty(), name);
        }
    }

    void theLimitOfTheProcessIsNamed_data() {
        QTest::addColumn<QStringList>("files"); // path and content in turn
        QTest::addColumn<QString>("limit");
        const std::string v2 = "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup rw\n";
        const std::string partOfV2 = "30 23 0:26 /docker/7 /sys/fs/cgroup rw,nosuid - cgroup2 cgroup rw\n";
        const std::string v1 = "33 32 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n"
                               "34 32 0:30 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n";
        const auto row = [](const char* name, const std::vector<std::string>& files, const char* limit) {
            QStringList all;
            for (const std::string& file : files) {
                all += QString::fromStdString(file);
            }
            QTest::newRow(name) << all << QString::fromUtf8(limit);
        };
        row("none", {"mountinfo", v2, "cgroup", "0::/user.slice\n", "user.slice/cpu.max", "max 100000\n"}, "");
        row("its own group",
            {"mountinfo", v2, "cgroup", "0::/a.slice/b.scope\n", "a.slice/b.scope/cpu.max", "50000 100000\n"},
            "0.50 of 2 cores (control group)");
        row("a group above it is tighter",
            {"mountinfo", v2, "cgroup", "0::/a/b\n", "a/b/cpu.max", "150000 100000\n", "a/cpu.max", "25000 100000\n"},
            "0.25 of 2 cores (control group)");
        row("more than there is limits nothing", {"mountinfo", v2, "cgroup", "0::/a\n", "a/cpu.max", "400000 100000\n"},
            "");
        row("version 1",
            {"mountinfo", v1, "cgroup", "5:memory:/other\n3:cpu,cpuacct:/job/7\n0::/\n",
             "cpu,cpuacct/job/cpu.cfs_quota_us", "75000\n", "cpu,cpuacct/job/cpu.cfs_period_us", "100000\n"},
            "0.75 of 2 cores (control group)");
        row("a container that sees a part of the hierarchy",
            {"mountinfo", partOfV2, "cgroup", "0::/docker/7/web\n", "web/cpu.max", "100000 100000\n"},
            "1.00 of 2 cores (control group)");
        row("one core by affinity", {"status", "Name:\tx\nCpus_allowed_list:\t1\n"}, "1 of 2 cores (affinity)");
        row("all cores by affinity", {"status", "Name:\tx\nCpus_allowed_list:\t0-1\n"}, "");
        row("the tighter of both",
            {"status", "Cpus_allowed_list:\t0\n", "mountinfo", v2, "cgroup", "0::/a\n", "a/cpu.max", "150000 100000\n"},
            "1 of 2 cores (affinity)");
    }
    void theLimitOfTheProcessIsNamed() {
        QFETCH(QStringList, files);
        const FakeProc proc;
        const std::filesystem::path root = proc.path() / "root";
        for (qsizetype i = 0; i + 1 < files.size(); i += 2) {
            const std::string name = files[i].toStdString();
            const bool ofProcess = name == "mountinfo" || name == "cgroup" || name == "status";
            const auto file = (ofProcess ? proc.path() / "self" : root / "sys/fs/cgroup") / name;
            std::filesystem::create_directories(file.parent_path());
            std::ofstream(file) << files[i + 1].toStdString();
        }
        auto facts = services::hostFacts(proc.path(), root);
        QCOMPARE(facts["cores"], std::string("2"));
        QTEST(QString::fromStdString(facts["cpu limit"]), "limit");
    }

    void clockPairConvertsBetweenTheClocks() {
        const core::ClockPair pair = services::clockPair();
        const core::Instant monotonic = std::chrono::steady_clock::now();
        const core::WallTime wall = std::chrono::system_clock::now();
        const auto error = pair.instantOf(wall) - monotonic;
        QVERIFY(std::chrono::abs(error) < std::chrono::milliseconds(50));
        QCOMPARE(pair.bootId.size(), std::size_t{36});
    }
};

TEST_CLASS(TestHostProbe)
#include "tst_host_probe.moc"
