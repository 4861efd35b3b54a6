// The ledger on which an order to erase is rehearsed is the one on which the
// registry decides.
#include <future>
#include <memory>
#include <optional>

#include "core/crypto/x509.h"
#include "gtest/gtest.h"
#include "services/registry/command_loop.h"
#include "tests/support/process.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/services/registry/ordered_ledger.h"

namespace dataip::registryd {
namespace {

using ::dataip::testing::StatusIs;

constexpr auto kWrongLedger = absl::StatusCode::kFailedPrecondition;
constexpr std::chrono::seconds kPatience{30};

const crypto::PrivateKey& KeyOf(const std::string& name) {
  return Sample().keys.at(Sample().key_ids.at(name));
}

CertificateSigner SignerOfSample() {
  const auto pem = [](const std::string& name,
                      const std::vector<std::string>& chain) {
    CertificateSigner::KeyPem both{KeyOf(name).ToPem(), ""};
    for (const std::string& der : chain) {
      both.chain += crypto::CertificatePem(hash::AsBytes(der));
    }
    return both;
  };
  return *CertificateSigner::Create(pem("issuing-sm2", Sample().sm2_chain),
                                    pem("issuing-p256", Sample().p256_chain));
}

// A registry that decides on the sample ledger.
class RehearsedOrder : public ::testing::TestWithParam<bool> {
 protected:
  RehearsedOrder()
      : ledger_(Sample().origin, SampleAsItStands()),
        projection_(*Projection::Open(dir_ / "projections")),
        store_(*Store::Open(dir_ / "store")),
        acknowledged_(*projection_, *store_) {
    acknowledged_.SetOrigin(Sample().origin);
    loop_.emplace(
        CommandLoop::Parts{ledger_.client(), acknowledged_, *store_,
                           SignerOfSample(), ClockActor(KeyOf("clock")),
                           [] { return Sample().state.clock_ms; }, ""});
  }

  void SetUp() override {
    ASSERT_OK(loop_->Open());
    loop_->Start();
  }

  static FakeLedger::Entries SampleAsItStands() {
    return OrderedLedger().Entries();
  }

  // The answer to an order; CANCELLED when none came.
  absl::Status Give(bool validate_only) {
    const SignedOrder order = SignOrder({Redacted(FilingIndex(0))});
    Submission submission;
    submission.signed_command = order.signed_command;
    submission.command = order.command;
    submission.command_sha256 =
        hash::Sha256(hash::AsBytes(order.signed_command.command()));
    submission.signer_key_ids = {Sample().key_ids.at("root")};
    submission.validate_only = validate_only;
    const auto answered = std::make_shared<std::promise<absl::Status>>();
    auto answer = answered->get_future();
    loop_->Submit(std::move(submission),
                  [answered](const absl::StatusOr<Outcome>& outcome) {
                    answered->set_value(outcome.status());
                  });
    if (answer.wait_for(kPatience) != std::future_status::ready) {
      return absl::CancelledError("no answer");
    }
    return answer.get();
  }

  const test::TempDir dir_;
  FakeLedger ledger_;
  std::unique_ptr<Projection> projection_;
  std::unique_ptr<Store> store_;
  Acknowledged acknowledged_;
  std::optional<CommandLoop> loop_;
};

TEST_P(RehearsedOrder, IsRefusedOverAnotherHistory) {
  OrderedLedger other;
  other.Delay();
  ledger_.Say(other.Entries());
  EXPECT_THAT(Give(GetParam()), StatusIs(kWrongLedger));
}

TEST_P(RehearsedOrder, IsRefusedOverAnotherHistoryThatIsLonger) {
  OrderedLedger other;
  other.Delay();
  other.Seal();
  ledger_.Say(other.Entries());
  EXPECT_THAT(Give(GetParam()), StatusIs(kWrongLedger));
}

TEST_P(RehearsedOrder, IsRefusedOverAHistoryThatEndsBefore) {
  auto shorter = SampleAsItStands();
  shorter.pop_back();
  ledger_.Say(shorter);
  EXPECT_THAT(Give(GetParam()), StatusIs(kWrongLedger));
}

INSTANTIATE_TEST_SUITE_P(GivenOrValidated, RehearsedOrder, ::testing::Bool());

// The ledger acknowledges nothing, so that one that is given gets no answer.
class ValidatedOrder : public RehearsedOrder {};

TEST_P(ValidatedOrder, FitsTheLedgerAsItIsAndAsItGrows) {
  EXPECT_OK(Give(true));
  OrderedLedger longer;
  longer.Seal();
  ledger_.Say(longer.Entries());
  EXPECT_OK(Give(true));
}

INSTANTIATE_TEST_SUITE_P(Validated, ValidatedOrder, ::testing::Values(true));

}  // namespace
}  // namespace dataip::registryd
