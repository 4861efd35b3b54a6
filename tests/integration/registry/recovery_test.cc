// Servers that are stopped, killed, doubled or given another folder.
#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <filesystem>
#include <mutex>
#include <set>
#include <thread>

#include "absl/strings/str_cat.h"
#include "client/pki/key_file.h"
#include "client/status.h"
#include "core/registry/values/canonical.h"
#include "core/registry/values/civil_date.h"
#include "tests/integration/registry/bureau.h"
#include "tests/integration/registry/in_process.h"
#include "tests/support/status_matchers.h"

namespace dataip::test {
namespace {

constexpr size_t kFilers = 8;
constexpr std::chrono::seconds kLongTimeout{60};

// Sends `count` commands by several clients that try again until each is
// decided; `disturb` runs when a third of them is.
class Load {
 public:
  Load(Bureau& bureau, int count) : bureau_(bureau) {
    bureau.UploadShared();
    for (int i = 0; i < count; ++i) {
      requests_.push_back(bureau.Filing(absl::StrCat("load-", i)));
    }
    for (size_t i = 0; i < kFilers; ++i) {
      clients_.push_back(bureau.Connect("root"));
    }
  }

  void Run(const std::function<void()>& disturb) {
    std::vector<std::thread> threads;
    for (auto& client : clients_) {
      threads.emplace_back([this, &client] { SendAll(*client); });
    }
    {
      std::unique_lock<std::mutex> lock(mutex_);
      decided_.wait(lock,
                    [&] { return indices_.size() * 3 >= requests_.size(); });
    }
    disturb();
    for (std::thread& thread : threads) thread.join();
  }

  // Every command stands on the ledger exactly once.
  void ExpectEachOnce(uint64_t before) {
    EXPECT_EQ(indices_.size(), requests_.size());
    EXPECT_EQ(bureau_.CountTransitions(), before + requests_.size());
  }

 private:
  void SendAll(client::RegistryClient& client) {
    const auto until = std::chrono::steady_clock::now() + kLongTimeout;
    for (size_t i = next_++; i < requests_.size(); i = next_++) {
      Answer answer = client.Submit(requests_[i]);
      while (!answer.ok() && std::chrono::steady_clock::now() < until) {
        EXPECT_TRUE(absl::IsUnavailable(answer.status()) ||
                    absl::IsDeadlineExceeded(answer.status()))
            << answer.status();
        answer = client.Submit(requests_[i]);
      }
      EXPECT_TRUE(answer.ok()) << answer.status();
      std::lock_guard<std::mutex> lock(mutex_);
      if (answer.ok()) indices_.insert(answer->receipt().index());
      decided_.notify_all();
    }
  }

  Bureau& bureau_;
  std::vector<v1::SubmitCommandRequest> requests_;
  std::vector<std::unique_ptr<client::RegistryClient>> clients_;
  std::atomic<size_t> next_{0};
  std::mutex mutex_;
  std::condition_variable decided_;
  std::set<uint64_t> indices_;
};

TEST(RegistryRecovery, OutlivesALedgerThatIsKilledUnderLoad) {
  Bureau bureau;
  bureau.Open();
  const uint64_t before = bureau.CountTransitions();
  Load load(bureau, 300);
  load.Run([&] {
    bureau.ledger_process->Kill();
    bureau.StartLedger();
  });
  load.ExpectEachOnce(before);
}

TEST(RegistryRecovery, WritesNothingTwiceWhenItIsKilledUnderLoad) {
  Bureau bureau;
  bureau.Open();
  const uint64_t before = bureau.CountTransitions();
  Load load(bureau, 300);
  load.Run([&] {
    bureau.registry_process->Kill();
    bureau.StartRegistry();
  });
  load.ExpectEachOnce(before);
}

TEST(RegistryRecovery, AnswersEveryCallWhenItIsStoppedUnderLoad) {
  Bureau bureau;
  bureau.Open();
  const uint64_t before = bureau.CountTransitions();
  Load load(bureau, 300);
  load.Run([&] {
    bureau.registry_process->Signal(SIGTERM);
    EXPECT_EQ(bureau.registry_process->WaitForExit(std::chrono::seconds(10)),
              0);
    bureau.StartRegistry();
  });
  load.ExpectEachOnce(before);
}

// Answers see acknowledged entries only: a refusal that rests on a filing
// which is still on its way waits for it.
TEST(RegistryRecovery, HoldsRefusalsThatRestOnEntriesStillInFlight) {
  Bureau bureau;
  bureau.Open();
  bureau.UploadShared();
  const auto channel =
      *client::MakeChannel(bureau.registry_address, bureau.TlsOf("root"));
  client::RegistryClient hasty(channel, std::chrono::seconds(1));
  client::RegistryClient patient(channel, std::chrono::seconds(30));
  ASSERT_OK(hasty.GetRegistry());
  const auto first = bureau.Filing("a");
  auto conflicting = bureau.Filing("a");  // the reference is taken
  v1::Command other;
  ASSERT_TRUE(other.ParseFromString(first.command().command()));
  other.mutable_expires_at()->set_seconds(other.expires_at().seconds() - 1);
  auto same_id = bureau.SignBytes(other.SerializeAsString(), {"enterprise"});
  *same_id.mutable_openings() = first.openings();
  auto validated = conflicting;
  validated.set_validate_only(true);
  bureau.ledger_process->Signal(SIGSTOP);
  for (const auto& request : {first, conflicting, same_id, validated}) {
    EXPECT_TRUE(absl::IsDeadlineExceeded(hasty.Submit(request).status()));
  }
  // The ledger forgets what it did not take; then all is decided again, in
  // the order it came.
  bureau.ledger_process->Kill();
  std::thread restart([&] { bureau.StartLedger(); });
  EXPECT_EQ(ReasonIn(patient.Submit(conflicting)), rpc::v1::ALREADY_EXISTS);
  restart.join();
  EXPECT_OK(patient.Submit(first));
  EXPECT_EQ(ReasonIn(patient.Submit(conflicting)), rpc::v1::ALREADY_EXISTS);
  EXPECT_EQ(ReasonIn(patient.Submit(same_id)), rpc::v1::ALREADY_EXISTS);
  EXPECT_EQ(ReasonIn(patient.Submit(validated)), rpc::v1::ALREADY_EXISTS);
}

TEST(RegistryRecovery, StopsInTimeWithoutItsLedger) {
  Bureau bureau;
  bureau.Open();
  bureau.UploadShared();
  const auto request = bureau.Filing("lost");
  bureau.ledger_process->Kill();
  const Answer answer =
      client::RegistryClient(
          *client::MakeChannel(bureau.registry_address, bureau.TlsOf("root")),
          std::chrono::seconds(1))
          .Submit(request);
  EXPECT_TRUE(absl::IsUnavailable(answer.status()) ||
              absl::IsDeadlineExceeded(answer.status()))
      << answer.status();
  EXPECT_OK(bureau.As("root").GetRegistry());  // reads go on
  bureau.registry_process->Signal(SIGTERM);
  EXPECT_EQ(bureau.registry_process->WaitForExit(std::chrono::seconds(10)), 0);
}

TEST(RegistryRecovery, IsFencedByASecondRegistry) {
  Bureau bureau;
  bureau.Open();
  bureau.UploadShared();
  const std::string first_address = bureau.registry_address;
  client::RegistryClient first(
      *client::MakeChannel(first_address, bureau.TlsOf("root")),
      std::chrono::seconds(1));
  ASSERT_OK(first.GetRegistry());
  std::string address = "127.0.0.1:0";
  const auto second = bureau.StartRegistryOn(bureau.dir / "second", &address);
  const Answer refused = first.Submit(bureau.Filing("1"));
  EXPECT_EQ(ReasonIn(refused), rpc::v1::NOT_SERVING) << refused.status();
  EXPECT_OK(first.GetRegistry());  // it still answers reads
  client::RegistryClient other(
      *client::MakeChannel(address, bureau.TlsOf("root")));
  EXPECT_OK(other.Upload(hash::AsBytes(bureau.Form("shared").sample)));
  EXPECT_OK(other.Submit(bureau.Filing("2")));
  EXPECT_EQ(ReasonIn(first.Submit(bureau.Filing("3"))), rpc::v1::NOT_SERVING);
}

TEST(RegistryRecovery, RefusesAFolderThatIsInUse) {
  Bureau bureau;
  const Ended ended = test::Run(
      {"dataip-registry", bureau.RegistryFlags(bureau.dir / "registry")});
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_NE(ended.err.find("in use by another registry"), std::string::npos)
      << ended.err;
  EXPECT_OK(bureau.As("root").GetRegistry());
}

TEST(RegistryRecovery, RefusesTheFolderOfAnotherLedger) {
  Bureau bureau;
  bureau.Open();
  EXPECT_EQ(bureau.registry_process->Stop(), 0);
  EXPECT_EQ(bureau.ledger_process->Stop(), 0);
  std::filesystem::rename(bureau.dir / "ledger", bureau.dir / "old-ledger");
  bureau.StartLedger();  // the same origin and keys, but empty
  const Ended ended = test::Run(
      {"dataip-registry", bureau.RegistryFlags(bureau.dir / "registry")});
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_NE(ended.err.find("has lost entries"), std::string::npos) << ended.err;
  bureau.ledger_process->Stop();
  std::filesystem::remove_all(bureau.dir / "ledger");
  bureau.origin = "registry.dataip.test/2";
  bureau.StartLedger();
  const Ended other = test::Run(
      {"dataip-registry", bureau.RegistryFlags(bureau.dir / "registry")});
  EXPECT_EQ(other.exit_code, 1);
}

TEST(RegistryRecovery, RefusesKeysThatTheRegistryDoesNotName) {
  Bureau bureau;
  bureau.Open();
  EXPECT_EQ(bureau.registry_process->Stop(), 0);
  auto flags = bureau.RegistryFlags(bureau.dir / "registry");
  flags.back() = bureau.dir / "person.pem";  // of --clock-key
  const Ended ended = test::Run({"dataip-registry", flags});
  EXPECT_EQ(ended.exit_code, 2);
  // What an operator needs: setting, file, and the key that is wanted.
  for (const std::string& part :
       {std::string("clock_key"), flags.back(), bureau.Key("clock").KeyId()}) {
    EXPECT_NE(ended.err.find(part), std::string::npos) << ended.err;
  }
}

TEST(RegistryRecovery, RefusesAnotherRootThanTheRegistryHas) {
  Bureau bureau;
  bureau.Open();
  EXPECT_EQ(bureau.registry_process->Stop(), 0);
  bureau.root_key = bureau.Key("stranger").KeyId();
  const Ended ended = test::Run(
      {"dataip-registry", bureau.RegistryFlags(bureau.dir / "registry")});
  EXPECT_EQ(ended.exit_code, 2);
  EXPECT_NE(ended.err.find("root_key"), std::string::npos) << ended.err;
  bureau.root_key = "XY";
  EXPECT_EQ(test::Run({"dataip-registry",
                       bureau.RegistryFlags(bureau.dir / "registry")})
                .exit_code,
            2);
  bureau.root_key = "";  // not needed any more
  bureau.StartRegistry();
  EXPECT_OK(bureau.Connect("root")->GetRegistry());
}

TEST(RegistryRecovery, SaysThatNoLedgerAnswers) {
  Bureau bureau;
  EXPECT_EQ(bureau.registry_process->Stop(), 0);
  bureau.ledger_process->Kill();
  auto flags = bureau.RegistryFlags(bureau.dir / "registry");
  flags.push_back("--ledger-wait-s=1");
  const Ended ended = test::Run({"dataip-registry", flags});
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_NE(ended.err.find("no ledger answers"), std::string::npos);
  flags.push_back("--check-config");
  EXPECT_EQ(test::Run({"dataip-registry", flags}).exit_code, 0);
}

// A start with the folder as it is; digests of projections and state.
std::pair<std::string, std::string> Digests(Bureau& bureau) {
  const auto registry = registryd::Registry::Start(
      OptionsOf(bureau, [] { return kClockStartMs + 900 * kDayMs; }));
  EXPECT_OK(registry);
  const auto projections = (*registry)->ProjectionDigest();
  EXPECT_OK(projections);
  return {std::string(projections->text()), (*registry)->StateDigest()};
}

TEST(RegistryRecovery, RebuildsDeletedProjectionsToTheSameDigest) {
  Bureau bureau;
  bureau.Open();
  ASSERT_OK_AND_ASSIGN(const std::string number, bureau.File("a"));
  ASSERT_OK(bureau.OpenNotice(number));
  ASSERT_OK(bureau.AdvanceTo(kClockStartMs + 15 * kDayMs));
  ASSERT_OK(bureau.Register(number));
  const auto list = bureau.As(kExaminer).ListApplications({});
  EXPECT_EQ(bureau.registry_process->Stop(), 0);
  const auto kept = Digests(bureau);
  std::filesystem::remove_all(bureau.dir / "registry/projections");
  EXPECT_EQ(Digests(bureau), kept);
  bureau.StartRegistry();
  const auto again = bureau.Connect(kExaminer)->ListApplications({});
  ASSERT_OK(list);
  ASSERT_OK(again);
  ASSERT_EQ(list->size(), again->size());
  EXPECT_EQ(list->front().SerializeAsString(),
            again->front().SerializeAsString());
  const client::RegistryClient::FileName sample{number, "sample", 0};
  EXPECT_OK(bureau.Connect(kExaminer)->Download(sample));  // not swept
}

TEST(RegistryClock, ClosesAnOverdueCorrectionByItself) {
  Bureau bureau;
  bureau.Open();
  ASSERT_OK_AND_ASSIGN(const std::string late, bureau.File("late"));
  ASSERT_OK_AND_ASSIGN(const std::string in_time, bureau.File("in-time"));
  ASSERT_OK(bureau.AskCorrection(late));
  const uint64_t before = bureau.CountTransitions();
  ASSERT_OK(bureau.AdvanceTo(kClockStartMs + 30 * kDayMs));
  // The clock's command goes before any other.
  ASSERT_OK(bureau.AskCorrection(in_time));
  EXPECT_EQ(bureau.CountTransitions(), before + 3);
  EXPECT_EQ(bureau.Application(late).state(), v1::DEEMED_WITHDRAWN);
  EXPECT_EQ(bureau.Application(in_time).state(), v1::CORRECTION_REQUIRED);
  const auto history = bureau.As(kExaminer).GetApplication(late)->history();
  EXPECT_EQ(history[history.size() - 1].actor(), "clock");
  // A start closes nothing twice.
  EXPECT_EQ(bureau.registry_process->Stop(), 0);
  bureau.StartRegistry();
  EXPECT_OK(bureau.Connect(kExaminer)->GetApplication(late));
  EXPECT_EQ(bureau.CountTransitions(), before + 3);
  v1::Command command;
  command.set_version(bureau.Application(late).version());
  command.mutable_correct_application()->set_application_no(late);
  *command.mutable_correct_application()->mutable_form() =
      bureau.Application(late).form();
  EXPECT_EQ(ReasonIn(bureau.Do(kEnterprise, {"enterprise"}, command)),
            rpc::v1::RULE_REFUSES);
}

TEST(RegistryClock, DecidesByTheRealClockOutsideDemonstrations) {
  Bureau bureau;
  bureau.Open(false);
  ASSERT_OK_AND_ASSIGN(const std::string number, bureau.File("a"));
  EXPECT_GT(bureau.Application(number).submitted_at_ms(),
            kClockStartMs + 300 * kDayMs);
  EXPECT_EQ(ReasonIn(bureau.AdvanceTo(kClockStartMs + 400 * kDayMs)),
            rpc::v1::NOT_ALLOWED);
}

}  // namespace
}  // namespace dataip::test
