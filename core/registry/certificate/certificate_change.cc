// What a change (C1, C10) may put on a certificate.
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/registry/certificate/certificate_content.h"
#include "core/registry/form/form_checks.h"
#include "core/registry/values/canonical.h"

namespace dataip::registry {
namespace {

// The rule of a form's name, told of the field of the change.
MaybeRefusal CheckName(const Case& a_case, const std::string& name,
                       absl::string_view field) {
  v1::ApplicationForm form;
  form.set_name(name);
  FormContext context;
  context.profile = a_case.values;
  Violations found;
  CheckIdentity(form, context, found);
  for (rpc::v1::FieldViolation& violation : found) {
    if (violation.field() != "name") continue;
    violation.set_field(absl::StrCat(field, ".name"));
    return RefuseForm({std::move(violation)});
  }
  return std::nullopt;
}

// What was registered does not shrink: that would be other data. A wrong
// number may have been too high.
MaybeRefusal CheckGrowth(const v1::CertificateContent& now,
                         const v1::ChangeRequest& change,
                         absl::string_view field) {
  const bool shrinks =
      (change.record_count() != 0 &&
       change.record_count() < now.record_count()) ||
      (change.byte_size() != 0 && change.byte_size() < now.byte_size());
  const bool half = change.record_count() == 0 && change.byte_size() != 0;
  if (!shrinks && !half) return std::nullopt;
  return Refuse(
      rpc::v1::RULE_REFUSES,
      {absl::StrCat(field, ".record_count"), "C1",
       absl::StrCat("数据规模只能增加且须填写记录数(现为 ", now.record_count(),
                    " 条、", now.byte_size(),
                    " 字节)；减少属于另一数据，请重新申请"),
       absl::StrCat("the data may only grow and the records are named (now ",
                    now.record_count(), " records, ", now.byte_size(),
                    " bytes); smaller data take a new application"),
       ""});
}

void TakeHolderNames(const State& state, v1::CertificateContent& content) {
  for (v1::Holder& holder : *content.mutable_holders()) {
    holder = HolderOf(state, holder.party_number(), holder.share_bp());
  }
}

}  // namespace

MaybeRefusal ApplyChange(const Case& a_case, const v1::Certificate& before,
                         const v1::ChangeRequest& change,
                         absl::string_view field, absl::string_view rule,
                         v1::CertificateContent& content) {
  const State& state = a_case.state;
  if (!change.name().empty()) {
    RETURN_IF_REFUSED(CheckName(a_case, change.name(), field));
    content.set_name(change.name());
  }
  if (!change.region_code().empty()) {
    if (!state.regions->Contains(change.region_code())) {
      return Refuse(
          rpc::v1::INVALID_FIELD,
          {absl::StrCat(field, ".region_code"), "REGION",
           "行政区划代码不在表中，请按 GB/T 2260 填写六位代码",
           "the region is not in the table; give six digits of GB/T 2260",
           "GB/T 2260"});
    }
    SetRegion(state, change.region_code(), content);
  }
  if (change.update_frequency() != v1::UPDATE_FREQUENCY_UNSPECIFIED) {
    content.set_update_frequency(change.update_frequency());
  }
  if (rule == "C1") {
    RETURN_IF_REFUSED(CheckGrowth(before.content(), change, field));
  }
  if (change.record_count() != 0) {
    content.set_record_count(change.record_count());
  }
  if (change.byte_size() != 0) content.set_byte_size(change.byte_size());
  if (change.holder_names()) TakeHolderNames(state, content);
  if (SerializeCanonical(content) != SerializeCanonical(before.content())) {
    return std::nullopt;
  }
  return Refuse(rpc::v1::INVALID_FIELD,
                {std::string(field), std::string(rule),
                 "与证书现有内容没有不同，请填写要改的内容",
                 "nothing differs from the certificate; say what changes", ""});
}

}  // namespace dataip::registry
