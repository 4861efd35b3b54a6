// Orders to erase against real servers: what is gone, what still holds.
#include "core/verify/erasure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>

#include "client/status.h"
#include "core/base/hex.h"
#include "core/proof/header.h"
#include "core/registry/erasure/redaction.h"
#include "core/registry/values/canonical.h"
#include "core/registry/values/civil_date.h"
#include "core/verify/check.h"
#include "dataip/ledger/v1/ledger.pb.h"
#include "tests/integration/registry/bureau.h"
#include "tests/support/grep.h"
#include "tests/support/status_matchers.h"

namespace dataip::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kSecret[] = "独一无二的采集办法 Qx81-zu-loeschen-77";
constexpr char kMethod[] =
    "events[0].application_submitted.application.form.sources[0].method";
constexpr char kName[] =
    "events[0].application_submitted.application.form.name";
constexpr std::chrono::seconds kPatience{30};

// Asks until the answer is yes.
template <typename Ask>
bool Becomes(const Ask& ask) {
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (std::chrono::steady_clock::now() < until) {
    if (ask()) return true;
  }
  return false;
}

class RegistryErasure : public ::testing::Test {
 protected:
  void SetUp() override {
    bureau_.Open();
    PreparedForm prepared = bureau_.Form("secret");
    ASSERT_OK(bureau_.As(kEnterprise).Upload(hash::AsBytes(prepared.sample)));
    prepared.form.mutable_sources(0)->set_method(kSecret);
    v1::Command command;
    *command.mutable_submit_application()->mutable_form() = prepared.form;
    *command.mutable_issued_at() = prepared.form.evidence(0).time();
    *command.mutable_expires_at() = registry::FromUnixMs(
        *registry::ToUnixMs(command.issued_at()) + 3'600'000);
    const Answer answer =
        bureau_.Do(kEnterprise, {"enterprise"}, command, prepared.openings);
    ASSERT_OK(answer);
    filing_ = answer->receipt().index();
    number_ = answer->events(0)
                  .application_submitted()
                  .application()
                  .application_no();
    ASSERT_OK(bureau_.OpenNotice(number_));
    ASSERT_OK(bureau_.AdvanceTo(kClockStartMs + 15 * kDayMs));
    const Answer registered = bureau_.Register(number_);
    ASSERT_OK(registered);
    certificate_ =
        registered->events(0).application_registered().certificate_number();
  }

  ledger::v1::Entry EntryAt(uint64_t index) {
    const auto entry = bureau_.ledger().GetEntry(index, true);
    return entry.ok() ? *entry : ledger::v1::Entry();
  }

  v1::ErasePayload OrderFor(const std::vector<std::string>& paths) {
    const ledger::v1::Entry entry = EntryAt(filing_);
    const auto header = proof::DecodeHeader(hash::AsBytes(entry.header()));
    const auto original =
        registry::ParseCanonical<v1::Transition>(entry.payload());
    v1::ErasePayload order;
    order.set_ordered_by("杭州互联网法院");
    order.set_legal_basis("个人信息保护法 第四十七条");
    v1::ErasedEntry& named = *order.add_entries();
    named.set_index(filing_);
    named.set_payload_sha256(std::string(header->payload_sha256.text()));
    named.set_payload_sm3(std::string(header->payload_sm3.text()));
    named.set_substitute(
        registry::SerializeCanonical(*registry::Redact(*original, paths)));
    return order;
  }

  Answer Give(const v1::ErasePayload& order) {
    v1::Command command;
    *command.mutable_erase_payload() = order;
    return bureau_.Do("root", {"root"}, command);
  }

  bool IsErased() {
    return EntryAt(filing_).payload_status() == ledger::v1::ERASED;
  }

  std::vector<std::string> FilesThatTell() {
    std::vector<std::string> all;
    for (const char* folder : {"ledger", "registry"}) {
      for (auto& path : FilesWith(bureau_.dir / folder, kSecret)) {
        all.push_back(std::move(path));
      }
    }
    return all;
  }

  bool Forgotten() {
    return Becomes([&] { return FilesThatTell().empty(); });
  }

  // Replays the ledger as it is served now.
  verify::ReplayReport Audit() {
    const auto checkpoint = bureau_.ledger().GetCheckpoint(
        bureau_.Headers().size(), std::chrono::seconds(10));
    EXPECT_OK(checkpoint);
    ledger::v1::ReadEntriesRequest request;
    request.set_count(checkpoint->size());
    request.set_with_payloads(true);
    const auto stream = bureau_.ledger().ReadEntries(request);
    std::vector<verify::ReplayEntry> entries;
    for (auto run = stream->Next(); run.ok() && run->has_value();
         run = stream->Next()) {
      for (const auto& entry : (*run)->entries()) {
        using Payload = verify::ReplayEntry::Payload;
        const bool erased = entry.payload_status() == ledger::v1::ERASED;
        entries.push_back({entry.header(), entry.payload(),
                           erased ? Payload::kErased : Payload::kPresent});
      }
    }
    verify::ErasureOrders orders;
    for (const auto& entry : entries) orders.Read(entry);
    const verify::Trust trust = bureau_.Trust();
    verify::Replayer replayer(trust, {false, {}, &orders});
    replayer.Feed(entries);
    replayer.CheckCheckpoint(checkpoint->note());
    return replayer.Finish();
  }

  int CheckBundle() {
    const auto bundle = bureau_.Connect(kEnterprise)->GetBundle(certificate_);
    EXPECT_OK(bundle);
    if (!bundle.ok()) return -1;
    verify::CheckOptions options;
    options.now_ms = bureau_.NowMs();
    const auto report = verify::Check(hash::AsBytes(bundle->bundle()),
                                      bureau_.Trust(), options);
    EXPECT_OK(report);
    return report.ok() ? verify::ExitCode(report->conclusion) : -1;
  }

  std::string MethodNow() {
    return bureau_.Connect(kExaminer)
        ->GetApplication(number_)
        ->application()
        .form()
        .sources(0)
        .method();
  }

  Bureau bureau_;
  std::string number_;
  std::string certificate_;
  uint64_t filing_ = 0;
};

TEST_F(RegistryErasure, OfOpeningsIsOfCommitmentsThatThereAre) {
  v1::Command command;
  v1::EraseOpenings* order = command.mutable_erase_openings();
  order->add_commitments(std::string(32, 'x'));
  order->set_ordered_by("杭州互联网法院");
  order->set_legal_basis("个人信息保护法 第四十七条");
  const Answer unknown = bureau_.Do("root", {"root"}, command);
  EXPECT_EQ(ReasonIn(unknown), rpc::v1::NOT_FOUND);
  EXPECT_EQ(FieldIn(unknown), "erase_openings.commitments[0]");
  order->set_commitments(
      0, bureau_.Application(number_).form().sample().file().sha256().digest());
  const std::string sample =
      bureau_.dir /
      ("registry/files/" +
       base::HexEncode(
           hash::Sha256(hash::AsBytes(bureau_.Form("secret").sample)).span()));
  ASSERT_TRUE(std::filesystem::exists(sample));
  EXPECT_OK(bureau_.Do("root", {"root"}, command));
  EXPECT_TRUE(Becomes([&] { return !std::filesystem::exists(sample); }));
}

// The store is lost: the files stay, and are read when it is back.
TEST_F(RegistryErasure, IsNotDoneToFilesOfALostStore) {
  EXPECT_EQ(bureau_.registry_process->Stop(), 0);
  const std::filesystem::path store = bureau_.dir / "registry/store";
  const std::filesystem::path aside = bureau_.dir / "registry/store.aside";
  std::filesystem::rename(store, aside);
  for (const auto& file : std::filesystem::directory_iterator(
           std::filesystem::path(bureau_.dir / "registry/files"))) {
    std::filesystem::last_write_time(
        file.path(),
        std::filesystem::file_time_type::clock::now() - std::chrono::hours(48));
  }
  bureau_.StartRegistry();
  const client::RegistryClient::FileName sample{number_, "sample", 0};
  EXPECT_FALSE(bureau_.Connect(kExaminer)->Download(sample).ok());
  EXPECT_EQ(bureau_.registry_process->Stop(), 0);
  std::filesystem::remove_all(store);
  std::filesystem::rename(aside, store);
  bureau_.StartRegistry();
  EXPECT_OK(bureau_.Connect(kExaminer)->Download(sample));
}

TEST_F(RegistryErasure, LeavesProofsAndTakesTheBytes) {
  ASSERT_THAT(FilesThatTell(), Not(IsEmpty()));
  const Answer answer = Give(OrderFor({kMethod}));
  ASSERT_OK(answer);
  EXPECT_TRUE(Becomes([&] { return IsErased(); }));
  EXPECT_EQ(EntryAt(filing_).erased_by(), answer->receipt().index());
  EXPECT_TRUE(Forgotten()) << FilesThatTell().front();
  EXPECT_TRUE(Becomes([&] { return MethodNow() == registry::kErasedText; }));
  EXPECT_EQ(CheckBundle(), 0);
  const verify::ReplayReport report = Audit();
  EXPECT_EQ(report.ExitCode(), 0)
      << report.broken.value_or(verify::Finding()).message_en;
  ASSERT_EQ(report.erased.size(), 1u);
  EXPECT_FALSE(report.erased[0].standing);
  // Filing goes on.
  const auto next = bureau_.File("next");
  ASSERT_OK(next);
  ASSERT_OK(bureau_.OpenNotice(*next));
  EXPECT_EQ(Audit().ExitCode(), 0);
}

TEST_F(RegistryErasure, SurvivesAStartFromNothing) {
  ASSERT_OK(Give(OrderFor({kMethod})));
  ASSERT_TRUE(Becomes([&] { return IsErased(); }));
  EXPECT_EQ(bureau_.registry_process->Stop(), 0);
  std::filesystem::remove_all(bureau_.dir / "registry/projections");
  bureau_.StartRegistry();
  EXPECT_EQ(MethodNow(), registry::kErasedText);
  EXPECT_EQ(CheckBundle(), 0);
  const client::RegistryClient::FileName sample{number_, "sample", 0};
  EXPECT_OK(bureau_.Connect(kExaminer)->Download(sample));  // not swept
  EXPECT_TRUE(Forgotten());
}

TEST_F(RegistryErasure, IsCarriedOutAfterAKill) {
  ASSERT_OK(Give(OrderFor({kMethod})));
  bureau_.ledger_process->Kill();
  bureau_.registry_process->Kill();
  bureau_.StartLedger();
  bureau_.StartRegistry();
  EXPECT_TRUE(Becomes([&] { return IsErased(); }));
  EXPECT_TRUE(Forgotten());
  EXPECT_EQ(MethodNow(), registry::kErasedText);
  EXPECT_EQ(Audit().ExitCode(), 0);
}

TEST_F(RegistryErasure, IsCarriedOutByALaterStartOfTheRegistry) {
  ASSERT_OK(Give(OrderFor({kMethod})));
  bureau_.registry_process->Kill();
  bureau_.StartRegistry();
  EXPECT_TRUE(Becomes([&] { return IsErased(); }));
  EXPECT_TRUE(Forgotten());
  EXPECT_EQ(Audit().ExitCode(), 0);
}

TEST_F(RegistryErasure, IsRefusedWhenALaterDecisionReadTheText) {
  const uint64_t before = bureau_.CountTransitions();
  const Answer answer = Give(OrderFor({kName}));
  EXPECT_EQ(ReasonIn(answer), rpc::v1::RULE_REFUSES);
  EXPECT_THAT(std::string(answer.status().message()),
              HasSubstr("decided otherwise"));
  v1::ErasePayload other = OrderFor({kMethod});
  other.mutable_entries(0)->mutable_payload_sm3()->front() ^= 1;
  EXPECT_EQ(ReasonIn(Give(other)), rpc::v1::RULE_REFUSES);
  EXPECT_EQ(bureau_.CountTransitions(), before);
  EXPECT_OK(bureau_.File("next"));
}

TEST_F(RegistryErasure, HappensOnce) {
  const v1::ErasePayload order = OrderFor({kMethod});
  ASSERT_OK(Give(order));
  EXPECT_EQ(ReasonIn(Give(order)), rpc::v1::ALREADY_EXISTS);
}

}  // namespace
}  // namespace dataip::test
