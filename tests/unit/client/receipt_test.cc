#include "client/receipt.h"

#include "absl/strings/str_cat.h"
#include "core/crypto/cosigner.h"
#include "core/crypto/signer.h"
#include "core/proof/header.h"
#include "core/proof/note.h"
#include "core/proof/tree.h"
#include "dataip/registry/v1/command.pb.h"
#include "dataip/registry/v1/queries.pb.h"
#include "dataip/registry/v1/transition.pb.h"
#include "tests/support/status_matchers.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;
using ::dataip::testing::IsOk;
using ::dataip::testing::StatusIs;

constexpr char kOrigin[] = "ledger.test/receipt";
constexpr uint64_t kSize = 7;
constexpr uint64_t kIndex = 4;

// A ledger of seven entries with both keys, and the receipt of one of them.
class CheckReceiptTest : public ::testing::Test {
 protected:
  CheckReceiptTest() {
    for (const auto algorithm :
         {crypto::Algorithm::kEd25519, crypto::Algorithm::kSm2}) {
      signers_.push_back(*crypto::NoteSigner::Create(
          kOrigin, *crypto::PrivateKey::Generate(algorithm)));
      keys_.push_back(*crypto::NoteVerifier::FromVkey(signers_.back().vkey()));
    }
    for (uint64_t i = 0; i < kSize; ++i) {
      proof::EntryHeader header;
      header.index = i;
      header.type = std::string(proof::kTransitionType);
      header.stream = absl::StrCat("applications/2024000000", i);
      headers_.push_back(*proof::EncodeHeader(header));
      tree_.Append(hash::LeafHash(hash::AsBytes(headers_.back())));
    }
    receipt_.set_format(1);
    receipt_.set_origin(kOrigin);
    receipt_.set_index(kIndex);
    receipt_.set_header(headers_[kIndex]);
    receipt_.set_checkpoint(Note(kOrigin));
    const proof::Path path =
        *proof::InclusionPath(kIndex, kSize, tree_.reader());
    for (const hash::Hash& node : path) {
      receipt_.add_path(std::string(node.text()));
    }
  }

  std::string Note(const std::string& origin) const {
    const std::string text = proof::FormatCheckpoint(
        {origin, kSize, *proof::RootAt(kSize, tree_.reader())});
    return *crypto::SignNote(text, hash::Hash(), signers_);
  }
  absl::Status Check() const {
    return CheckReceipt(receipt_, {kOrigin, keys_});
  }

  std::vector<crypto::NoteSigner> signers_;
  std::vector<crypto::NoteVerifier> keys_;
  std::vector<std::string> headers_;
  proof::StoredTree tree_;
  v1::Receipt receipt_;
};

TEST_F(CheckReceiptTest, RefusesAnotherOrigin) {
  receipt_.set_origin("another");
  EXPECT_THAT(Check(), StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(CheckReceiptTest, RefusesAHeaderThatIsNotOfItsIndex) {
  receipt_.set_header(headers_[kIndex + 1]);
  EXPECT_THAT(Check(), StatusIs(absl::StatusCode::kDataLoss));
  receipt_.set_header("x");
  EXPECT_THAT(Check(), StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(CheckReceiptTest, RefusesAnotherPath) {
  v1::Receipt good = receipt_;
  receipt_.mutable_path()->RemoveLast();
  EXPECT_THAT(Check(), StatusIs(absl::StatusCode::kDataLoss));
  receipt_ = good;
  receipt_.add_path(std::string(32, 'x'));
  EXPECT_THAT(Check(), StatusIs(absl::StatusCode::kDataLoss));
  receipt_ = good;
  receipt_.mutable_path(0)->pop_back();
  EXPECT_THAT(Check(), StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(CheckReceiptTest, RefusesACheckpointThatAKeyHasNotSigned) {
  signers_.pop_back();
  receipt_.set_checkpoint(Note(kOrigin));
  EXPECT_THAT(Check(), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(CheckCheckpoint(Note(kOrigin), {kOrigin, keys_}),
              StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(CheckReceiptTest, RefusesACheckpointThatTooFewWitnessesHaveSigned) {
  ASSERT_OK_AND_ASSIGN(const auto key, crypto::PrivateKey::Generate(
                                           crypto::Algorithm::kEd25519));
  ASSERT_OK_AND_ASSIGN(const auto witness,
                       crypto::Cosigner::Create("witness.example/w", key));
  ASSERT_OK_AND_ASSIGN(const auto verifier,
                       crypto::NoteVerifier::FromVkey(witness.vkey()));
  const std::vector<crypto::NoteVerifier> witnesses = {verifier};
  const std::string note = Note(kOrigin);
  const std::string text = note.substr(0, note.rfind("\n\n") + 1);
  ASSERT_OK_AND_ASSIGN(const std::string line, witness.SignatureLine(text, 1));
  ASSERT_OK_AND_ASSIGN(const std::string other,
                       witness.SignatureLine("other\n", 1));
  EXPECT_THAT(CheckCheckpoint(note, {kOrigin, keys_, witnesses}), IsOk());
  EXPECT_THAT(CheckCheckpoint(note + line, {kOrigin, keys_, witnesses, 1}),
              IsOk());
  for (const std::string& wrong : {note, note + other}) {
    EXPECT_THAT(CheckCheckpoint(wrong, {kOrigin, keys_, witnesses, 1}),
                StatusIs(absl::StatusCode::kDataLoss));
  }
  EXPECT_THAT(CheckCheckpoint(note + other, {kOrigin, keys_, witnesses}),
              StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(CheckReceiptTest, RefusesACheckpointThatIsNoNote) {
  receipt_.set_checkpoint("not a note");
  EXPECT_FALSE(Check().ok());
}

TEST_F(CheckReceiptTest, TakesAGoodOneAndOneThatIsNotYetSealed) {
  EXPECT_THAT(Check(), IsOk());
  receipt_.clear_path();
  receipt_.clear_checkpoint();
  EXPECT_THAT(Check(), IsOk());
}

// The answer to a withdrawal of the application of entry kIndex.
class CheckAnswerTest : public CheckReceiptTest {
 protected:
  CheckAnswerTest() {
    command_.mutable_withdraw_application()->set_application_no("20240000004");
    response_.add_events()->mutable_application_withdrawn()->set_application_no(
        "20240000004");
    *response_.mutable_receipt() = receipt_;
  }

  absl::Status Check() const {
    return CheckAnswer(command_.SerializeAsString(), response_,
                       {kOrigin, keys_});
  }

  // The good receipt of another entry.
  void ReplaceReceipt(uint64_t index) {
    v1::Receipt& receipt = *response_.mutable_receipt();
    receipt.set_index(index);
    receipt.set_header(headers_[index]);
    receipt.clear_path();
    const proof::Path path =
        *proof::InclusionPath(index, kSize, tree_.reader());
    for (const hash::Hash& node : path) {
      receipt.add_path(std::string(node.text()));
    }
  }

  v1::Command command_;
  v1::SubmitCommandResponse response_;
};

TEST_F(CheckAnswerTest, RefusesAGoodReceiptOfAnotherEntry) {
  ReplaceReceipt(2);
  ASSERT_THAT(CheckReceipt(response_.receipt(), {kOrigin, keys_}), IsOk());
  EXPECT_THAT(Check(), StatusIs(absl::StatusCode::kDataLoss));
  // Nor with the events of that entry.
  response_.mutable_events(0)
      ->mutable_application_withdrawn()
      ->set_application_no("20240000002");
  EXPECT_THAT(Check(), StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(CheckAnswerTest, RefusesAReceiptWithoutTheUpdatesOfItsEvents) {
  v1::StatusRecord record;
  record.set_number("20243303000000001");
  response_.add_events()->mutable_certificate_issued()->set_status_record(
      record.SerializeAsString());
  EXPECT_THAT(Check(), StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(CheckAnswerTest, RefusesAFilingOfAnotherForm) {
  auto& form = *command_.mutable_submit_application()->mutable_form();
  form.set_client_reference("mine");
  auto& application = *response_.mutable_events(0)
                           ->mutable_application_submitted()
                           ->mutable_application();
  application.set_application_no("20240000004");
  *application.mutable_form() = form;
  EXPECT_THAT(Check(), IsOk());
  application.mutable_form()->set_client_reference("another");
  EXPECT_THAT(Check(), StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(CheckAnswerTest, RefusesAnObjectionToAnotherApplication) {
  proof::EntryHeader header;
  header.index = kIndex;
  header.type = std::string(proof::kTransitionType);
  header.stream = "objections/O20240000001";
  v1::Receipt& receipt = *response_.mutable_receipt();
  receipt.set_header(*proof::EncodeHeader(header));
  receipt.clear_checkpoint();
  receipt.clear_path();
  command_.mutable_file_objection()->set_application_no("20240000004");
  v1::Objection& objection = *response_.mutable_events(0)
                                  ->mutable_objection_filed()
                                  ->mutable_objection();
  objection.set_objection_no("O20240000001");
  objection.set_application_no("20240000004");
  EXPECT_THAT(Check(), IsOk());
  objection.set_application_no("20240000005");
  EXPECT_THAT(Check(), StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(CheckAnswerTest, RefusesTheReceiptOfAnotherBatch) {
  proof::EntryHeader header;
  header.index = kIndex;
  header.type = std::string(proof::kTransitionType);
  header.stream = "batches/B20240000001";
  v1::Receipt& receipt = *response_.mutable_receipt();
  receipt.set_header(*proof::EncodeHeader(header));
  receipt.clear_checkpoint();
  receipt.clear_path();
  response_.clear_events();
  v1::BatchDecided& decided = *response_.add_events()->mutable_batch_decided();
  decided.set_batch_no("B20240000001");
  for (const char* number : {"20240000004", "20240000005"}) {
    decided.add_application_nos(number);
  }
  const auto name = [](auto* body) {
    body->clear_items();
    for (const char* number : {"20240000004", "20240000005"}) {
      body->add_items()->set_application_no(number);
    }
  };
  name(command_.mutable_request_corrections());
  EXPECT_THAT(Check(), IsOk());
  name(command_.mutable_open_notices());
  EXPECT_THAT(Check(), IsOk());
  auto& body = *command_.mutable_register_applications();
  name(&body);
  EXPECT_THAT(Check(), IsOk());
  body.mutable_items(1)->set_application_no("20240000006");
  EXPECT_THAT(Check(), StatusIs(absl::StatusCode::kDataLoss));
  body.mutable_items()->RemoveLast();
  EXPECT_THAT(Check(), StatusIs(absl::StatusCode::kDataLoss));
  name(&body);
  body.add_items()->set_application_no("20240000006");
  EXPECT_THAT(Check(), StatusIs(absl::StatusCode::kDataLoss));
  name(&body);
  // Nor an entry of another kind.
  response_.mutable_events(0)->mutable_application_withdrawn();
  EXPECT_THAT(Check(), StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(CheckAnswerTest, RefusesAnAnswerWithoutEventsOrCommand) {
  response_.clear_events();
  EXPECT_THAT(Check(), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(CheckAnswer("\xff", response_, {kOrigin, keys_}),
              StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(CheckAnswerTest, TakesAReceiptOfItsOwn) { EXPECT_THAT(Check(), IsOk()); }

}  // namespace
}  // namespace dataip::client
