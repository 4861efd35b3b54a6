// OpenRegistry, LoadTable and the demonstration's clock.
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/registry/rules.h"
#include "core/registry/state/case.h"
#include "core/registry/state/deadlines.h"
#include "core/registry/state/signing.h"
#include "core/registry/tables/loaded_table.h"

namespace dataip::registry {
namespace {

Refusal Invalid(std::string field, absl::string_view rule, std::string zh,
                std::string en) {
  return Refuse(rpc::v1::INVALID_FIELD,
                {std::move(field), std::string(rule), std::move(zh),
                 std::move(en), "ARCHITECTURE"});
}

MaybeRefusal CheckKeysOfOpening(const v1::OpenRegistry& body) {
  struct Named {
    absl::string_view field;
    const v1::PublicKey& key;
    v1::KeyAlgorithm needed;  // unspecified: any
  };
  const Named keys[] = {
      {"root_key", body.root_key(), v1::KEY_ALGORITHM_UNSPECIFIED},
      {"clock_key", body.clock_key(), v1::KEY_ALGORITHM_UNSPECIFIED},
      {"issuing_sm2", body.issuing_sm2(), v1::SM2},
      {"issuing_p256", body.issuing_p256(), v1::ECDSA_P256}};
  std::set<std::string> ids;
  for (const Named& named : keys) {
    const auto key = KeyOf(named.key);
    const bool other = named.needed != v1::KEY_ALGORITHM_UNSPECIFIED &&
                       named.key.algorithm() != named.needed;
    if (!key.ok() || other || !ids.insert(key->KeyId()).second) {
      return Invalid(absl::StrCat("open_registry.", named.field), "KEY",
                     "公钥无效、算法不符或与另一公钥相同，请换一把",
                     "the key is no valid key, of another algorithm, or the "
                     "same as another one; use a new key");
    }
  }
  return std::nullopt;
}

MaybeRefusal CheckDemonstration(const v1::OpenRegistry& body,
                                int64_t decided_at_ms) {
  const auto start_ms = ToUnixMs(body.demonstration_start());
  const bool good =
      body.demonstration()
          ? body.has_demonstration_start() && start_ms == decided_at_ms &&
                body.demonstration_start().nanos() % 1'000'000 == 0
          : !body.has_demonstration_start();
  if (good) return std::nullopt;
  return Invalid("open_registry.demonstration_start", "CLOCK",
                 "演示登记须给出模拟时钟的起点(整毫秒)，正式登记不得给出",
                 "a demonstration needs the start of its clock in whole "
                 "milliseconds, a real registry has none");
}

}  // namespace

Decision DecideOpenRegistry(const Case& a_case) {
  RETURN_IF_REFUSED(CheckVersion(a_case, 0));
  const v1::OpenRegistry& body = a_case.command.open_registry();
  bool digits = body.jurisdiction().size() == 6;
  for (char c : body.jurisdiction()) digits = digits && c >= '0' && c <= '9';
  if (!digits) {
    return Invalid("open_registry.jurisdiction", "REGION",
                   "辖区应为 6 位行政区划代码，如 330000",
                   "the jurisdiction is a region code of six digits, e.g. "
                   "330000");
  }
  if (!IsProfileId(body.profile_id())) {
    return Invalid("open_registry.profile_id", "PROFILE",
                   "规则编号应为 1 至 64 个字母、数字或连字符，如 ZJ-2023",
                   "a profile id takes 1 to 64 letters, digits and hyphens, "
                   "e.g. ZJ-2023");
  }
  RETURN_IF_REFUSED(CheckKeysOfOpening(body));
  RETURN_IF_REFUSED(CheckDemonstration(body, a_case.decided_at_ms));
  Events events(1);
  v1::RegistryOpened* opened = events[0].mutable_registry_opened();
  *opened->mutable_registry() = body;
  opened->set_origin(a_case.state.origin);
  return events;
}

Decision DecideLoadTable(const Case& a_case) {
  const v1::LoadTable& body = a_case.command.load_table();
  const auto current = a_case.state.tables.find(body.name());
  const bool exists = current != a_case.state.tables.end();
  const uint64_t version = exists ? current->second.version : 0;
  if (body.content().size() > limits::kTableBytes) {
    return Refuse(rpc::v1::TOO_LARGE,
                  {"load_table.content", "TABLE", "表文件超过 2 MiB",
                   "the table is over 2 MiB", ""});
  }
  const hash::Hash sha256 = hash::Sha256(hash::AsBytes(body.content()));
  if (exists && sha256 == current->second.sha256) {
    return Refuse(rpc::v1::ALREADY_EXISTS,
                  {"load_table.content", "TABLE", "内容相同的表已经载入",
                   "a table with this content is loaded already", ""});
  }
  RETURN_IF_REFUSED(CheckVersion(a_case, version));
  const auto parsed = ParsedTable::Parse(body.name(), body.content());
  if (!parsed.ok()) {
    return Invalid(
        "load_table.content", "TABLE",
        absl::StrCat("表名或表的内容有误，请修改：", parsed.status().message()),
        absl::StrCat("the table's name or content is wrong: ",
                     parsed.status().message()));
  }
  Events events(1);
  v1::TableLoaded* loaded = events[0].mutable_table_loaded();
  loaded->set_name(body.name());
  loaded->set_sha256(std::string(sha256.text()));
  loaded->set_content(body.content());
  loaded->set_rows(parsed->rows);
  loaded->set_version(version + 1);
  if (parsed->calendar != nullptr) {
    v1::DeadlinesRecomputed anew =
        RecomputeAll(a_case.state, *parsed->calendar);
    if (!anew.deadlines().empty()) {
      *events.emplace_back().mutable_deadlines_recomputed() = std::move(anew);
    }
  }
  return events;
}

Decision DecideAdvanceClock(const Case& a_case) {
  if (!a_case.state.registry.demonstration()) {
    return Refuse(
        rpc::v1::NOT_ALLOWED,
        {"advance_clock", "CLOCK", "只有演示登记才能拨动时钟",
         "only a demonstration's clock can be moved", "ARCHITECTURE"});
  }
  RETURN_IF_REFUSED(CheckVersion(a_case, 0));
  const auto& to = a_case.command.advance_clock().to();
  const auto to_ms = ToUnixMs(to);
  if (!to_ms || to.nanos() % 1'000'000 != 0 ||
      *to_ms <= a_case.state.clock_ms) {
    return Invalid("advance_clock.to", "CLOCK",
                   "模拟时钟只能拨向更晚的时间，且为整毫秒，请改为更晚的时间",
                   "the clock only goes forwards, in whole milliseconds; give "
                   "a later time");
  }
  Events events(1);
  *events[0].mutable_clock_advanced()->mutable_to() = to;
  return events;
}

}  // namespace dataip::registry
