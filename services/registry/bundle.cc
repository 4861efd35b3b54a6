#include "services/registry/bundle.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "core/registry/state/header_of.h"
#include "core/registry/values/canonical.h"
#include "dataip/bundle/v1/bundle.pb.h"
#include "dataip/ledger/v1/ledger.pb.h"
#include "services/common/error.h"
#include "services/registry/reads.h"

namespace dataip::registryd {
namespace {

// A certificate with the entry that issued it.
struct Issued {
  v1::Certificate certificate;
  uint64_t index = 0;
  std::string origin;
  std::string header;
  v1::Transition transition;
  int first_signature = 0;  // of the two of its content
};

absl::Status NotSealed() {
  return services::MakeStatus(
      rpc::v1::NOT_SERVING,
      {"no checkpoint covers the certificate yet; ask again in a moment",
       "证书所在记录尚未签封，请稍后再取"});
}

absl::Status Behind() {
  return services::MakeStatus(
      rpc::v1::NOT_SERVING,
      {"this registry is behind the ledger; ask again in a moment, or the "
       "registry that writes to it now",
       "本登记服务落后于账本，请稍后再取，或改向当前受理的登记服务查询"});
}

absl::Status BrokenLedger(const std::string& what) {
  return services::MakeStatus(
      rpc::v1::DATA_LOSS,
      {absl::StrCat("the ledger's answer does not fit the certificate: ", what),
       "账本的应答与证书不符，请联系登记机构"});
}

// How many status records there are up to the one that the map holds at the
// checkpoint; the state may be ahead of it.
size_t RecordsAt(const v1::Certificate& certificate,
                 const ledger::v1::MapProof& proof) {
  size_t count = 0;
  for (int i = 0; i < certificate.status_records_size(); ++i) {
    const Hash value =
        hash::Sha256(hash::AsBytes(certificate.status_records(i)));
    if (proof.terminal().value() == std::string(value.text())) {
      count = static_cast<size_t>(i) + 1;
    }
  }
  return count;
}

void AddRecords(const v1::Certificate& certificate, size_t count, bool history,
                bundle::v1::Bundle& bundle) {
  for (size_t i = 0; i < count; ++i) {
    if (history || i == 0 || i + 1 == count) {
      bundle.add_status_records(
          certificate.status_records(static_cast<int>(i)));
    }
  }
}

void SetSignature(const v1::CertificateSignature& signature,
                  const std::vector<crypto::Certificate>& chain,
                  bundle::v1::ContentSignature& target) {
  target.set_signature(signature.signature());
  for (const crypto::Certificate& certificate : chain) {
    target.add_chain(certificate.der);
  }
}

// A sheet's own number means that sheet, replaced or not: whoever holds it is
// told what took its place. Other numbers mean the newest one.
const v1::Certificate* SheetOf(const registry::State& state,
                               const std::string& number) {
  const auto own = state.certificates.find(number);
  return own == state.certificates.end()
             ? registry::FindCertificate(state, number)
             : &own->second;
}

absl::StatusOr<Issued> Find(const Acknowledged& acknowledged,
                            const std::string& number) {
  return acknowledged.With(
      [&](const registry::State& state) -> absl::StatusOr<Issued> {
        const auto* found = SheetOf(state, number);
        if (found == nullptr) {
          return NoSuch("certificate", "登记证书", number);
        }
        Issued issued;
        issued.certificate = *found;
        issued.origin = state.origin;
        ASSIGN_OR_RETURN(issued.index,
                         acknowledged.projection().IssueIndex(found->number()));
        return issued;
      });
}

absl::Status ReadEntry(client::LedgerClient& ledger,
                       const Acknowledged& acknowledged, Issued& issued) {
  ASSIGN_OR_RETURN(auto entry, ledger.GetEntry(issued.index, true));
  ASSIGN_OR_RETURN(Decided decided, acknowledged.DecidedAt(entry));
  issued.header = std::move(*entry.mutable_header());
  issued.transition = std::move(decided.transition);
  // A batch issues many, with two signatures each, in order.
  for (const v1::Event& event : issued.transition.events()) {
    if (!event.has_certificate_issued()) continue;
    if (event.certificate_issued().content() ==
        issued.certificate.content_bytes()) {
      break;
    }
    issued.first_signature += 2;
  }
  return issued.transition.certificate_signatures_size() >=
                 issued.first_signature + 2
             ? absl::OkStatus()
             : BrokenLedger("two signatures");
}

struct Proved {
  ledger::v1::GetStateProofResponse proof;
  size_t records = 0;  // status records up to the one that is proved
};

absl::Status CountRecords(const Acknowledged& acknowledged, Issued& issued,
                          Proved& proved) {
  ASSIGN_OR_RETURN(const Issued now,
                   Find(acknowledged, issued.certificate.number()));
  issued.certificate = now.certificate;
  proved.records = RecordsAt(issued.certificate, proved.proof.map_proofs(0));
  return absl::OkStatus();
}

// The ledger may be ahead of the acknowledged state: then the record that its
// map holds is still on its way to us. Only a state that has all entries of
// the proof's size (the last of them is its seal) contradicts it.
absl::StatusOr<Proved> Prove(client::LedgerClient& ledger,
                             const Acknowledged& acknowledged, Issued& issued) {
  ledger::v1::GetStateProofRequest wanted;
  wanted.add_keys(registry::CertificateKey(issued.certificate.number()));
  wanted.add_indices(issued.index);
  Proved proved;
  ASSIGN_OR_RETURN(proved.proof, ledger.GetStateProof(wanted));
  if (proved.proof.map_proofs_size() != 1 ||
      proved.proof.inclusions_size() != 1) {
    return BrokenLedger("one proof each");
  }
  RETURN_IF_ERROR(CountRecords(acknowledged, issued, proved));
  if (proved.records > 0) return proved;
  const uint64_t size = proved.proof.checkpoint().size();
  if (!acknowledged.AwaitSize(
          size - 1, std::chrono::milliseconds(limits::kReceiptWaitMs))) {
    return Behind();
  }
  RETURN_IF_ERROR(CountRecords(acknowledged, issued, proved));
  if (proved.records == 0) return BrokenLedger("the map's value");
  return proved;
}

void OpenOwnName(const Caller& caller, const Store& store,
                 const v1::CertificateContent& content,
                 bundle::v1::Bundle& bundle) {
  for (int i = 0; i < content.holders_size(); ++i) {
    const v1::Holder& holder = content.holders(i);
    if (!holder.has_name_commitment() ||
        !IsParty(caller, holder.party_number())) {
      continue;
    }
    const auto digest =
        Hash::From(hash::AsBytes(holder.name_commitment().digest()));
    if (!digest.has_value()) continue;
    const auto opening = store.GetOpening(*digest);
    if (!opening.ok()) continue;  // erased by order
    bundle::v1::NameOpening& name = *bundle.add_name_openings();
    name.set_holder(static_cast<uint32_t>(i));
    name.set_salt(opening->salt);
    name.set_name(opening->value);
  }
}

}  // namespace

absl::StatusOr<std::string> BundleDesk::Make(
    const Caller& caller, const v1::GetBundleRequest& request) const {
  ASSIGN_OR_RETURN(Issued issued, Find(acknowledged_, request.number()));
  RETURN_IF_ERROR(ReadEntry(ledger_, acknowledged_, issued));
  const auto covered = ledger_.GetCheckpoint(
      issued.index + 1, std::chrono::milliseconds(limits::kReceiptWaitMs));
  if (absl::IsDeadlineExceeded(covered.status())) return NotSealed();
  RETURN_IF_ERROR(covered.status());
  ASSIGN_OR_RETURN(const Proved proved, Prove(ledger_, acknowledged_, issued));
  const ledger::v1::GetStateProofResponse& proof = proved.proof;
  bundle::v1::Bundle bundle;
  bundle.set_format(limits::kBundleFormat);
  bundle.set_origin(issued.origin);
  bundle.set_checkpoint(proof.checkpoint().note());
  bundle.set_issue_header(issued.header);
  *bundle.mutable_issue_path() = proof.inclusions(0).path();
  bundle.set_content(issued.certificate.content_bytes());
  const int first = issued.first_signature;
  SetSignature(issued.transition.certificate_signatures(first),
               signer_.sm2_chain(), *bundle.mutable_sm2());
  SetSignature(issued.transition.certificate_signatures(first + 1),
               signer_.p256_chain(), *bundle.mutable_p256());
  AddRecords(issued.certificate, proved.records, request.history(), bundle);
  bundle.set_seal_header(proof.seal().header());
  bundle.set_seal_payload(proof.seal().payload());
  *bundle.mutable_seal_path() = proof.seal().path();
  *bundle.mutable_map()->mutable_siblings() = proof.map_proofs(0).siblings();
  OpenOwnName(caller, store_, issued.certificate.content(), bundle);
  return registry::SerializeCanonical(bundle);
}

}  // namespace dataip::registryd
