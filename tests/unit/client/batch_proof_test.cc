#include "client/batch_proof.h"

#include "core/registry/values/canonical.h"
#include "core/verify/check.h"
#include "dataip/bundle/v1/bundle.pb.h"
#include "dataip/registry/v1/certificate.pb.h"
#include "gtest/gtest.h"
#include "tests/support/sample_ledger.h"
#include "tests/support/status_matchers.h"

namespace dataip::client {
namespace {

using bundle::v1::BatchProof;
using bundle::v1::Bundle;
using ::dataip::testing::StatusIs;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr int64_t kNowMs = 1'767'700'000'000;

const test::SampleLedger& Sample() {
  static const auto* const sample =
      new test::SampleLedger(*test::MakeSampleLedger({.brief = true}));
  return *sample;
}

std::string Real() {
  return test::MakeSampleBundle(Sample(), Sample().certificates[0]);
}

// The same under another number: well formed, and no more genuine.
std::string Named(const std::string& number) {
  auto bundle = *registry::ParseCanonical<Bundle>(Real());
  auto content = *registry::ParseCanonical<registry::v1::CertificateContent>(
      bundle.content());
  content.set_number(number);
  bundle.set_content(registry::SerializeCanonical(content));
  return registry::SerializeCanonical(bundle);
}

BatchProof ProofOf(const std::vector<std::string>& bundles) {
  const auto joined = JoinBundles(bundles);
  EXPECT_OK(joined);
  return *registry::ParseCanonical<BatchProof>(*joined);
}

auto Split(const std::string& proof) {
  return SplitBatchProof(hash::AsBytes(proof));
}

verify::Conclusion Verdict(const std::string& bundle) {
  verify::CheckOptions options;
  options.now_ms = kNowMs;
  return verify::Check(hash::AsBytes(bundle), Sample().trust(), options)
      ->conclusion;
}

TEST(BatchProof, GivesBackEveryBundleInOrder) {
  const auto joined = JoinBundles({Named("9"), Real(), Named("1")});
  ASSERT_OK(joined);
  EXPECT_TRUE(IsBatchProof(hash::AsBytes(*joined)));
  EXPECT_FALSE(IsBatchProof(hash::AsBytes(Real())));
  const auto bundles = Split(*joined);
  ASSERT_OK(bundles);
  EXPECT_EQ(*bundles,
            (std::vector<std::string>{Named("1"), Real(), Named("9")}));
  EXPECT_NE(Verdict((*bundles)[0]), verify::Conclusion::kInForce);
  EXPECT_EQ(Verdict((*bundles)[1]), verify::Conclusion::kInForce);
  // What they share stands once.
  EXPECT_LT(joined->size(), 3 * Real().size());
}

TEST(BatchProof, LeavesHistoryAndOpeningsAway) {
  auto bundle = *registry::ParseCanonical<Bundle>(Real());
  const std::string first = bundle.status_records(0);
  bundle.add_status_records(first);
  bundle.add_status_records("last");
  auto& opening = *bundle.add_name_openings();
  opening.set_salt(std::string(32, 's'));
  opening.set_name("张三");
  const BatchProof proof = ProofOf({registry::SerializeCanonical(bundle)});
  ASSERT_EQ(proof.members(0).status_records_size(), 2);
  EXPECT_EQ(proof.members(0).status_records(0), first);
  EXPECT_EQ(proof.members(0).status_records(1), "last");
  EXPECT_EQ(proof.SerializeAsString().find("张三"), std::string::npos);
}

TEST(BatchProof, JoinsOnlyWhatBelongsTogether) {
  EXPECT_THAT(JoinBundles({}), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(JoinBundles({"x"}), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(JoinBundles({Real(), Real()}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(
      JoinBundles(std::vector<std::string>(kBatchProofMembers + 1, Real())),
      StatusIs(absl::StatusCode::kInvalidArgument));
  for (const int field : {2, 3, 4, 5, 10, 11, 12}) {
    auto other = *registry::ParseCanonical<Bundle>(Named("1"));
    const auto* which = Bundle::descriptor()->FindFieldByNumber(field);
    if (which->is_repeated()) {
      other.GetReflection()->AddString(&other, which, std::string(32, 'h'));
    } else {
      other.GetReflection()->SetString(&other, which, "another");
    }
    EXPECT_THAT(JoinBundles({Real(), registry::SerializeCanonical(other)}),
                StatusIs(absl::StatusCode::kFailedPrecondition))
        << which->name();
  }
  auto chain = *registry::ParseCanonical<Bundle>(Named("1"));
  chain.mutable_sm2()->add_chain("another");
  EXPECT_THAT(JoinBundles({Real(), registry::SerializeCanonical(chain)}),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

// Calls `change(message, field, index)` for every byte string and text in it.
template <typename Change>
int ForEachText(Message& message, const Change& change) {
  int count = 0;
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const auto* reflection = message.GetReflection();
    const bool inner = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    if (!inner && field->cpp_type() != FieldDescriptor::CPPTYPE_STRING) {
      continue;
    }
    const int size =
        field->is_repeated() ? reflection->FieldSize(message, field) : 1;
    for (int i = 0; i < size; ++i) {
      if (inner) {
        count += ForEachText(
            field->is_repeated()
                ? *reflection->MutableRepeatedMessage(&message, field, i)
                : *reflection->MutableMessage(&message, field),
            change);
        continue;
      }
      change(message, field, i);
      ++count;
    }
  }
  return count;
}

std::string TextAt(const Message& message, const FieldDescriptor* field,
                   int i) {
  const auto* reflection = message.GetReflection();
  return field->is_repeated() ? reflection->GetRepeatedString(message, field, i)
                              : reflection->GetString(message, field);
}

void SetTextAt(Message& message, const FieldDescriptor* field, int i,
               const std::string& text) {
  const auto* reflection = message.GetReflection();
  if (field->is_repeated()) {
    reflection->SetRepeatedString(&message, field, i, text);
  } else {
    reflection->SetString(&message, field, text);
  }
}

void ExpectNotInForce(const BatchProof& proof, const std::string& what) {
  const auto bundles = Split(registry::SerializeCanonical(proof));
  if (!bundles.ok()) return;
  ASSERT_EQ(bundles->size(), 1u);
  EXPECT_NE(Verdict((*bundles)[0]), verify::Conclusion::kInForce) << what;
}

TEST(BatchProof, AChangeInAnyFieldIsSeen) {
  BatchProof proof = ProofOf({Real()});
  ASSERT_EQ(Verdict((*Split(registry::SerializeCanonical(proof)))[0]),
            verify::Conclusion::kInForce);
  const int texts = ForEachText(
      proof, [&](Message& message, const FieldDescriptor* field, int i) {
        const std::string text = TextAt(message, field, i);
        for (const size_t at : {size_t{0}, text.size() / 2, text.size() - 1}) {
          std::string other = text;
          other[at] = static_cast<char>(other[at] ^ 1);
          SetTextAt(message, field, i, other);
          ExpectNotInForce(proof, field->full_name());
        }
        for (const std::string& other : {text + "x", text.substr(1)}) {
          SetTextAt(message, field, i, other);
          ExpectNotInForce(proof, field->full_name());
        }
        SetTextAt(message, field, i, text);
      });
  EXPECT_GT(texts, 15);
}

TEST(BatchProof, HasOneSpelling) {
  const std::string good = *JoinBundles({Real(), Named("1")});
  ASSERT_OK(Split(good));
  const auto refused = StatusIs(absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(Split(""), refused);
  EXPECT_THAT(Split(good.substr(0, good.size() - 1)), refused);
  EXPECT_THAT(Split(good + "\x60\x01"), refused);  // an unknown field
  EXPECT_THAT(Split(good + std::string(kBatchProofBytes, '\0')), refused);
  BatchProof proof = *registry::ParseCanonical<BatchProof>(good);
  const auto changed = [&](const auto& change) {
    BatchProof other = proof;
    change(other);
    return Split(registry::SerializeCanonical(other));
  };
  EXPECT_THAT(changed([](BatchProof& p) { p.clear_members(); }), refused);
  EXPECT_THAT(changed([](BatchProof& p) { p.clear_format(); }), refused);
  EXPECT_THAT(
      changed([](BatchProof& p) { p.mutable_members()->SwapElements(0, 1); }),
      refused);
  EXPECT_THAT(changed([](BatchProof& p) { *p.add_members() = p.members(1); }),
              refused);
  EXPECT_THAT(changed([](BatchProof& p) { p.mutable_members(0)->clear_map(); }),
              refused);
  EXPECT_THAT(changed([](BatchProof& p) {
                for (int i = 0; i < 2; ++i) {
                  p.mutable_members(0)->add_status_records("more");
                }
              }),
              refused);
  EXPECT_THAT(changed([](BatchProof& p) { p.set_format(2); }),
              StatusIs(absl::StatusCode::kUnimplemented));
}

}  // namespace
}  // namespace dataip::client
