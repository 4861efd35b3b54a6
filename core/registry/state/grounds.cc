#include "core/registry/state/grounds.h"

#include "absl/strings/str_cat.h"

namespace dataip::registry {
namespace {

Refusal NotAGround(const GroundsAsked& asked, int at,
                   const std::string& ground) {
  const bool further = !asked.implied.empty();
  return Refuse(
      rpc::v1::INVALID_FIELD,
      {absl::StrCat(asked.field, "[", at, "]"), std::string(asked.rule),
       absl::StrCat("“", ground, "”不是规则中的", further ? "其他" : "",
                    "理由代码，或未按升序填写，请修改"),
       absl::StrCat("`", ground, "` is no ", further ? "further " : "",
                    "ground of the profile, or not in ascending order; "
                    "change it"),
       ""});
}

}  // namespace

MaybeRefusal CheckGrounds(
    const Case& a_case, const GroundsAsked& asked,
    const google::protobuf::RepeatedPtrField<std::string>& grounds) {
  std::string before;
  for (int i = 0; i < grounds.size(); ++i) {
    const std::string& ground = grounds[i];
    if (ground <= before || ground == asked.implied ||
        (a_case.values->*asked.text)(ground).empty()) {
      return NotAGround(asked, i, ground);
    }
    before = ground;
  }
  return std::nullopt;
}

}  // namespace dataip::registry
