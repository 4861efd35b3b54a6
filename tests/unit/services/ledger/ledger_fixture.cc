#include "tests/unit/services/ledger/ledger_fixture.h"

#include <future>
#include <utility>

#include "core/base/status_macros.h"
#include "dataip/ledger/v1/ledger.pb.h"

namespace dataip::ledger {

PreparedMessage Make(const MessageOf& wanted) {
  v1::AppendRequest request;
  request.set_epoch(wanted.epoch);
  request.set_sequence(wanted.sequence);
  request.set_not_before_ms(wanted.not_before_ms);
  request.set_not_after_ms(wanted.not_after_ms);
  for (size_t i = 0; i < wanted.entries; ++i) {
    v1::NewEntry* entry = request.add_entries();
    entry->set_type(wanted.type);
    entry->set_stream("things/1");
    entry->set_payload(wanted.text + std::to_string(i));
    if (i > 0 || wanted.key.empty()) continue;
    v1::MapUpdate* update = entry->add_updates();
    update->set_key(wanted.key);
    update->mutable_value_sha256()->assign(
        hash::Sha256(hash::AsBytes(wanted.text)).text());
  }
  auto message = Prepare(std::move(request));
  DATAIP_ASSERT(message.ok());
  return *std::move(message);
}

Signing MakeTestSigning(const std::string& origin) {
  auto ed25519 = crypto::PrivateKey::Generate(crypto::Algorithm::kEd25519);
  auto sm2 = crypto::PrivateKey::Generate(crypto::Algorithm::kSm2);
  DATAIP_ASSERT(ed25519.ok() && sm2.ok());
  auto signing = MakeSigning(origin, *ed25519, *sm2);
  DATAIP_ASSERT(signing.ok());
  return *std::move(signing);
}

LedgerFixture::LedgerFixture() {
  options.database_path = dir / "db";
  options.published_path = dir / "published";
  options.signing = MakeTestSigning("test.example/ledger");
  options.time = {[this] { return wall_ms.load(); },
                  [this] { return monotonic_ms.load(); }, ""};
  options.sequencer.checkpoint_interval = std::chrono::milliseconds(1);
}

absl::Status LedgerFixture::Open() {
  DATAIP_ASSERT(ledger == nullptr);
  ASSIGN_OR_RETURN(ledger, Ledger::Open(options));
  return absl::OkStatus();
}

absl::StatusOr<Receipt> LedgerFixture::Append(PreparedMessage message) {
  std::promise<absl::StatusOr<Receipt>> promise;
  ledger->sequencer().Append(std::move(message),
                             [&promise](absl::StatusOr<Receipt> receipt) {
                               promise.set_value(std::move(receipt));
                             });
  auto receipt = promise.get_future().get();
  if (receipt.ok()) {
    tail.index = receipt->first_index + receipt->headers.size() - 1;
    tail.leaf_hash = hash::LeafHash(hash::AsBytes(receipt->headers.back()));
  }
  return receipt;
}

absl::StatusOr<OpenedWriter> LedgerFixture::OpenWriter(
    const ExpectedTail& expected) {
  std::promise<absl::StatusOr<OpenedWriter>> promise;
  ledger->sequencer().OpenWriter(
      expected, [&promise](const absl::StatusOr<OpenedWriter>& opened) {
        promise.set_value(opened);
      });
  return promise.get_future().get();
}

std::shared_ptr<const State> LedgerFixture::WaitForCheckpoint(
    uint64_t min_size) {
  std::promise<absl::Status> promise;
  ledger->published().Await(min_size, [&promise](const absl::Status& status) {
    promise.set_value(status);
  });
  DATAIP_ASSERT(promise.get_future().get().ok());
  return ledger->states().Newest();
}

}  // namespace dataip::ledger
