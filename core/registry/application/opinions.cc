// IMPORTANT data and what the data department says of them (B17).
#include "core/registry/application/opinions.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/registry/application/rules.h"
#include "core/registry/form/form_checks.h"

namespace dataip::registry {
namespace {

bool HasImportantField(const v1::ApplicationForm& form) {
  return std::any_of(form.fields().begin(), form.fields().end(),
                     [](const v1::DataField& field) {
                       return field.classification() == v1::IMPORTANT;
                     });
}

}  // namespace

MaybeRefusal CheckImportantData(const v1::Application& application) {
  if (!HasImportantField(application.form()) ||
      application.data_department().agrees()) {
    return std::nullopt;
  }
  return Refuse(rpc::v1::RULE_REFUSES,
                {"application_no", "B17",
                 absl::StrCat("申请 ", application.application_no(),
                              " 含重要数据，须先录入数据主管部门的同意意见"),
                 absl::StrCat("application ", application.application_no(),
                              " holds IMPORTANT data; record the data "
                              "department's agreement first"),
                 "GB/T 43697-2024"});
}

Decision DecideRecordOpinion(const Case& a_case) {
  const v1::RecordOpinion& body = a_case.command.record_opinion();
  RETURN_IF_REFUSED(
      CheckApplication(a_case, body.application_no(), "B17",
                       {v1::UNDER_REVIEW, v1::CORRECTION_REQUIRED}));
  const v1::Application* application =
      FindApplication(a_case.state, body.application_no());
  if (!HasImportantField(application->form())) {
    return Refuse(
        rpc::v1::RULE_REFUSES,
        {"application_no", "B17", "申请没有重要数据字段，无须数据主管部门意见",
         "the application has no IMPORTANT field; no opinion is "
         "needed",
         ""});
  }
  const v1::DataDepartmentOpinion& opinion = body.opinion();
  Violations violations;
  CheckText(
      {"opinion", -1, "department"},
      {"B17", "数据主管部门", "the department", 2, limits::kLineCharacters},
      opinion.department(), violations);
  CheckText({"opinion", -1, "document_no"},
            {"B17", "意见文号", "the document's number", 1,
             limits::kDocumentNumberCharacters},
            opinion.document_no(), violations);
  CheckFile({"opinion", -1, "document"}, opinion.document(), violations);
  if (!violations.empty()) return RefuseForm(std::move(violations));
  Events events(1);
  v1::OpinionRecorded* event = events[0].mutable_opinion_recorded();
  event->set_application_no(body.application_no());
  *event->mutable_opinion() = opinion;
  return events;
}

}  // namespace dataip::registry
