// Certificates of the issuing keys, and bundles, of the sample ledger.
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "client/pki/authority.h"
#include "client/pki/key_file.h"
#include "core/base/status_macros.h"
#include "core/crypto/x509.h"
#include "core/registry/state/header_of.h"
#include "core/registry/values/canonical.h"
#include "dataip/bundle/v1/bundle.pb.h"
#include "tests/support/sample_ledger.h"

namespace dataip::test {
namespace {

constexpr int64_t kNotBeforeS = 1'700'000'000;  // 2023-11-14
constexpr int64_t kNotAfterS = 2'500'000'000;   // 2049-03-22

void AddPath(const proof::Path& path,
             google::protobuf::RepeatedPtrField<std::string>* out) {
  for (const hash::Hash& hash : path) *out->Add() = std::string(hash.text());
}

}  // namespace

absl::StatusOr<std::vector<std::string>> MakeSampleChain(
    const crypto::PrivateKey& key, verify::TrustText& trust) {
  const crypto::PublicKey& leaf_key = key.public_key();
  const std::string name(crypto::AlgorithmName(leaf_key.algorithm()));
  client::AuthorityOptions options;
  options.algorithm = leaf_key.algorithm();
  options.use = client::KeyUse::kIssuing;
  options.common_name = "Sample Root " + name;
  options.validity = {kNotBeforeS, kNotAfterS};
  ASSIGN_OR_RETURN(const auto root, client::Authority::Create(options));
  options.common_name = "Sample Intermediate " + name;
  options.path_length = 0;
  ASSIGN_OR_RETURN(const auto between, root.CreateIntermediate(options));
  client::LeafOptions leaf;
  leaf.use = client::KeyUse::kIssuing;
  leaf.common_name = "Sample Issuing " + name;
  leaf.validity = {kNotBeforeS, kNotAfterS};
  ASSIGN_OR_RETURN(const std::string pem, between.Issue(leaf_key, leaf));
  ASSIGN_OR_RETURN(const auto certificate, crypto::ParseCertificatePem(pem));
  trust.issuing_cas.push_back(root.certificate_pem());
  return std::vector<std::string>{certificate.der, between.certificate().der};
}

std::string MakeSampleBundle(const SampleLedger& sample,
                             const SampleCertificate& certificate,
                             const BundleOptions& options) {
  const Book& book = sample.book;
  const auto reader = book.tree.reader();
  v1::Transition transition;
  transition.ParseFromString(book.payloads[certificate.issue_index]);
  bundle::v1::Bundle bundle;
  bundle.set_format(1);
  bundle.set_origin(sample.origin);
  bundle.set_checkpoint(book.checkpoint);
  bundle.set_issue_header(book.headers[certificate.issue_index]);
  AddPath(*proof::InclusionPath(certificate.issue_index, book.size(), reader),
          bundle.mutable_issue_path());
  bundle.set_content(certificate.content);
  bundle.mutable_sm2()->set_signature(
      transition.certificate_signatures(0).signature());
  bundle.mutable_p256()->set_signature(
      transition.certificate_signatures(1).signature());
  for (const std::string& der : sample.sm2_chain) {
    bundle.mutable_sm2()->add_chain(der);
  }
  for (const std::string& der : sample.p256_chain) {
    bundle.mutable_p256()->add_chain(der);
  }
  const auto& records = certificate.status_records;
  for (size_t i = 0; i < records.size(); ++i) {
    const bool wanted = options.history || i == 0 || i + 1 == records.size();
    if (wanted) bundle.add_status_records(records[i]);
  }
  bundle.set_seal_header(book.headers.back());
  bundle.set_seal_payload(book.payloads.back());
  AddPath(*proof::InclusionPath(book.size() - 1, book.size(), reader),
          bundle.mutable_seal_path());
  AddPath(book.map.Prove(registry::CertificateKey(certificate.number)).siblings,
          bundle.mutable_map()->mutable_siblings());
  if (options.open_names) {
    auto* opening = bundle.add_name_openings();
    opening->set_salt(sample.person_salt);
    opening->set_name(sample.person_name);
  }
  return registry::SerializeCanonical(bundle);
}

absl::Status WriteKeys(const KeyRing& keys, const std::string& dir) {
  std::filesystem::create_directories(dir);
  for (const auto& [key_id, key] : keys) {
    RETURN_IF_ERROR(client::WriteKeyFile(
        absl::StrCat(dir, "/", key_id.substr(0, 16), ".pem"), key));
  }
  return absl::OkStatus();
}

}  // namespace dataip::test
