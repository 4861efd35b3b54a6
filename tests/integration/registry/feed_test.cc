// The feed of changes and batches, as clients of real servers see them.
#include <gtest/gtest.h>
#include <signal.h>

#include <set>
#include <thread>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/batch_proof.h"
#include "client/change_follower.h"
#include "client/receipt.h"
#include "client/status.h"
#include "core/base/mutex.h"
#include "core/verify/check.h"
#include "tests/integration/registry/bureau.h"
#include "tests/support/status_matchers.h"

namespace dataip::test {
namespace {

using ::dataip::testing::StatusIs;

constexpr std::chrono::seconds kPatience{60};
constexpr int kFilings = 60;

// Index, event, object.
using Line = std::tuple<uint64_t, std::string, std::string>;

std::vector<Line> LinesOf(const v1::Change& change) {
  std::vector<Line> lines;
  for (const v1::ChangedObject& object : change.objects()) {
    lines.emplace_back(change.index(), object.event(), object.object_no());
  }
  return lines;
}

std::vector<Line> UntilNow(client::RegistryClient& client,
                           const std::string& party = "") {
  v1::FollowChangesRequest request;
  request.set_until_now(true);
  request.set_party(party);
  std::vector<Line> lines;
  uint64_t last = 0;
  client::Following following;
  following.take = [&](const v1::Change& change) {
    for (Line& line : LinesOf(change)) lines.push_back(std::move(line));
    last = change.index();
    return true;
  };
  EXPECT_OK(client.FollowChanges(request, following));
  EXPECT_GT(last, 0u);
  return lines;
}

// Follows in a thread of its own until it is told to end.
class Follower {
 public:
  explicit Follower(client::RegistryClient& client)
      : thread_([this, &client] { Run(client); }) {}
  ~Follower() { End(); }

  // False when it is not told of it in time.
  bool AwaitObject(const std::string& number) {
    const auto until = std::chrono::steady_clock::now() + kPatience;
    base::MutexLock lock(mutex_);
    while (objects_.count(number) == 0) {
      if (!changed_.WaitUntil(mutex_, until)) return false;
    }
    return true;
  }

  bool AwaitLost() {
    const auto until = std::chrono::steady_clock::now() + kPatience;
    base::MutexLock lock(mutex_);
    while (lost_ == 0) {
      if (!changed_.WaitUntil(mutex_, until)) return false;
    }
    return true;
  }

  std::vector<Line> End() {
    stop_.Stop();
    if (thread_.joinable()) thread_.join();
    base::MutexLock lock(mutex_);
    return lines_;
  }

 private:
  void Run(client::RegistryClient& client) {
    client::Following following;
    following.stop = &stop_;
    following.take = [this](const v1::Change& change) {
      base::MutexLock lock(mutex_);
      for (Line& line : LinesOf(change)) {
        objects_.insert(std::get<2>(line));
        lines_.push_back(std::move(line));
      }
      changed_.NotifyAll();
      return true;
    };
    following.lost = [this](uint64_t) {
      base::MutexLock lock(mutex_);
      ++lost_;
      changed_.NotifyAll();
    };
    EXPECT_THAT(client.FollowChanges({}, following),
                StatusIs(absl::StatusCode::kCancelled));
  }

  client::FollowStop stop_;
  base::Mutex mutex_;
  base::CondVar changed_;
  std::vector<Line> lines_ DATAIP_GUARDED_BY(mutex_);
  std::set<std::string> objects_ DATAIP_GUARDED_BY(mutex_);
  int lost_ DATAIP_GUARDED_BY(mutex_) = 0;
  std::thread thread_;
};

// Files until it is decided; the number.
std::string FileSurely(client::RegistryClient& client,
                       const v1::SubmitCommandRequest& request) {
  const auto until = std::chrono::steady_clock::now() + kPatience;
  Answer answer = client.Submit(request);
  while (!answer.ok() && std::chrono::steady_clock::now() < until) {
    answer = client.Submit(request);
  }
  EXPECT_OK(answer);
  return answer->events(0)
      .application_submitted()
      .application()
      .application_no();
}

TEST(Feed, TellsEachChangeOnceThoughTheRegistryIsKilled) {
  Bureau bureau;
  bureau.Open();
  bureau.UploadShared();
  std::vector<v1::SubmitCommandRequest> requests;
  for (int i = 0; i < kFilings; ++i) {
    requests.push_back(bureau.Filing(absl::StrCat("feed-", i)));
  }
  const auto reader = bureau.Connect(kExaminer);
  Follower follower(*reader);
  std::string last;
  for (int i = 0; i < kFilings; ++i) {
    if (i == kFilings / 3) {
      ASSERT_TRUE(follower.AwaitObject(last));
      bureau.registry_process->Kill();
      bureau.StartRegistry();
    }
    last = FileSurely(bureau.As(kEnterprise), requests[static_cast<size_t>(i)]);
  }
  ASSERT_TRUE(follower.AwaitObject(last));
  const std::vector<Line> told = follower.End();
  EXPECT_EQ(told, UntilNow(bureau.As(kExaminer)));
  size_t filed = 0;
  for (const Line& line : told) {
    filed += std::get<1>(line) == "ApplicationSubmitted" ? 1 : 0;
  }
  EXPECT_EQ(filed, static_cast<size_t>(kFilings));
}

TEST(Feed, EndsWithTheRegistryAndGoesOnWithTheNext) {
  Bureau bureau;
  bureau.Open();
  const auto reader = bureau.Connect("stranger");
  Follower follower(*reader);
  ASSERT_TRUE(follower.AwaitObject("officers/examiner-1"));
  bureau.registry_process->Signal(SIGTERM);
  EXPECT_EQ(bureau.registry_process->WaitForExit(std::chrono::seconds(10)), 0);
  ASSERT_TRUE(follower.AwaitLost());
  bureau.StartRegistry();
  const auto number = bureau.File("after");
  ASSERT_OK(number);
  EXPECT_TRUE(follower.AwaitObject(*number));
  EXPECT_EQ(follower.End(), UntilNow(bureau.As("stranger")));
}

TEST(Feed, AnswersWhatCannotBeFollowed) {
  Bureau bureau;
  bureau.Open();
  v1::FollowChangesRequest request;
  client::Following following;
  following.take = [](const v1::Change&) { return true; };
  request.set_from_index(1'000'000);
  EXPECT_THAT(bureau.As(kExaminer).FollowChanges(request, following),
              StatusIs(absl::StatusCode::kNotFound));
  request.set_from_index(0);
  request.set_party("P9999999");
  EXPECT_THAT(bureau.As(kExaminer).FollowChanges(request, following),
              StatusIs(absl::StatusCode::kNotFound));
  for (const Line& line : UntilNow(bureau.As(kExaminer), kLicensee)) {
    EXPECT_EQ(std::get<2>(line), kLicensee);
  }
}

// Three applications registered by one command, their numbers ascending.
class Batch {
 public:
  explicit Batch(Bureau& bureau) : bureau_(bureau) {
    for (const char* reference : {"b1", "b2", "b3"}) {
      const auto number = bureau.File(reference);
      EXPECT_OK(number);
      numbers_.push_back(*number);
    }
  }

  std::string OpenNotices() {
    v1::Command command;
    auto& body = *command.mutable_open_notices();
    AddItems(body.mutable_items());
    body.mutable_checklist()->set_sample_checked(true);
    body.mutable_checklist()->set_masking_checked(true);
    body.mutable_checklist()->set_files_checked(true);
    body.mutable_checklist()->set_duplicates_checked(true);
    return Decide(command);
  }

  std::string Register() {
    v1::Command command;
    AddItems(command.mutable_register_applications()->mutable_items());
    return Decide(command);
  }

  const std::vector<std::string>& numbers() const { return numbers_; }

 private:
  void AddItems(google::protobuf::RepeatedPtrField<v1::BatchItem>* items) {
    for (const std::string& number : numbers_) {
      v1::BatchItem& item = *items->Add();
      item.set_application_no(number);
      item.set_version(bureau_.Application(number).version());
    }
  }

  std::string Decide(const v1::Command& command) {
    const Answer answer =
        bureau_.Do(kExaminer, {"examiner-1", "approver-1"}, command);
    EXPECT_OK(answer);
    return answer.ok() ? answer->events(0).batch_decided().batch_no() : "";
  }

  Bureau& bureau_;
  std::vector<std::string> numbers_;
};

TEST(Batches, AreOneEntryWithOneProof) {
  Bureau bureau;
  bureau.Open();
  Batch batch(bureau);
  const std::string notices = batch.OpenNotices();
  const auto opened = bureau.As(kEnterprise).GetBatch(notices);
  ASSERT_OK(opened);
  EXPECT_EQ(opened->application_nos_size(), 3);
  EXPECT_TRUE(opened->certificate_numbers().empty());
  ASSERT_OK(bureau.AdvanceTo(kClockStartMs + 30 * kDayMs));
  const std::string number = batch.Register();
  const auto response = bureau.As(kApprover).GetBatch(number);
  ASSERT_OK(response);
  EXPECT_EQ(std::vector<std::string>(response->application_nos().begin(),
                                     response->application_nos().end()),
            batch.numbers());
  const verify::Trust trust = bureau.Trust();
  EXPECT_OK(client::CheckReceipt(response->receipt(),
                                 {trust.origin, trust.ledger_keys}));
  EXPECT_FALSE(response->receipt().checkpoint().empty());
  ASSERT_EQ(response->certificate_numbers_size(), 3);
  std::vector<std::string> bundles;
  for (const std::string& certificate : response->certificate_numbers()) {
    const auto bundle = bureau.As(kEnterprise).GetBundle(certificate);
    ASSERT_OK(bundle);
    bundles.push_back(bundle->bundle());
  }
  const auto proof = client::JoinBundles(bundles);
  ASSERT_OK(proof);
  const auto parts = client::SplitBatchProof(hash::AsBytes(*proof));
  ASSERT_OK(parts);
  for (const std::string& part : *parts) {
    verify::CheckOptions options;
    options.now_ms = bureau.NowMs();
    const auto report = verify::Check(hash::AsBytes(part), trust, options);
    ASSERT_OK(report);
    EXPECT_EQ(report->conclusion, verify::Conclusion::kInForce);
  }
  for (const char* other : {kLicensee, "stranger"}) {
    EXPECT_EQ(client::ReasonOf(bureau.As(other).GetBatch(number).status()),
              rpc::v1::NOT_FOR_THIS_READER);
  }
  EXPECT_THAT(bureau.As(kExaminer).GetBatch("B20240000099").status(),
              StatusIs(absl::StatusCode::kNotFound));
}

}  // namespace
}  // namespace dataip::test
