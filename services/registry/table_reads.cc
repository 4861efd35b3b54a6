// Reads of tables and of the profiles among them. The state keeps what tables
// say and the digests; their bytes stand on the ledger.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/registry/state/profiles.h"
#include "core/registry/tables/tables.h"
#include "dataip/ledger/v1/ledger.pb.h"
#include "services/common/error.h"
#include "services/registry/reads.h"

namespace dataip::registryd {
namespace {

using registry::State;

constexpr size_t kDigestBytes = 32;

void AddInForce(const State& state, int64_t now_ms,
                v1::GetProfilesResponse& response) {
  const registry::CivilDate today = TodayOf(state, now_ms);
  v1::ProfileInForce* current = nullptr;
  for (const registry::Adoption& adoption : state.adoptions) {
    const bool first = response.in_force().empty();
    v1::ProfileInForce& line = *response.add_in_force();
    *line.mutable_profile() = adoption.profile;
    if (!first) {
      line.set_effective_from(registry::FormatDate(adoption.effective_from));
    }
    if (first || !(today < adoption.effective_from)) current = &line;
  }
  if (current != nullptr) current->set_current(true);
}

bool Before(const v1::ProfileRef& a, const v1::ProfileRef& b) {
  return std::pair(a.profile_id(), a.sha256()) <
         std::pair(b.profile_id(), b.sha256());
}

bool Same(const v1::ProfileRef& a, const v1::ProfileRef& b) {
  return !Before(a, b) && !Before(b, a);
}

v1::ProfileRef RefOf(const std::string& table, const std::string& sha256) {
  v1::ProfileRef ref;
  ref.set_profile_id(
      table.substr(std::string(registry::kProfileTablePrefix).size()));
  ref.set_sha256(sha256);
  return ref;
}

}  // namespace

// Indexes of the entries that loaded a table of this name, oldest first.
absl::StatusOr<std::vector<uint64_t>> Reads::LoadedAt(
    const std::string& name) const {
  ASSIGN_OR_RETURN(const auto steps, parts_.acknowledged.projection().History(
                                         absl::StrCat("tables/", name)));
  std::vector<uint64_t> indexes;
  for (const PastStep& past : steps) {
    if (past.step.event() == v1::TableLoaded::descriptor()->name()) {
      indexes.push_back(past.step.index());
    }
  }
  return indexes;
}

absl::StatusOr<v1::TableLoaded> Reads::TableAt(uint64_t index) const {
  ASSIGN_OR_RETURN(const auto entry, parts_.ledger.GetEntry(index, true));
  ASSIGN_OR_RETURN(const Decided decided, parts_.acknowledged.DecidedAt(entry));
  for (const v1::Event& event : decided.transition.events()) {
    if (event.has_table_loaded()) return event.table_loaded();
  }
  return absl::DataLossError("the entry that loaded a table has none");
}

absl::StatusOr<v1::GetTableResponse> Reads::Get(
    const Caller&, const v1::GetTableRequest& request) const {
  const std::string& wanted = request.sha256();
  if (!wanted.empty() && wanted.size() != kDigestBytes) {
    return services::InvalidField("sha256",
                                  {"32 bytes, or none for the newest",
                                   "应为 32 字节的摘要；取最新版本时留空"});
  }
  v1::GetTableResponse response;
  const auto indexes = parts_.acknowledged.WithIndex(
      [&](const State& state,
          uint64_t last_index) -> absl::StatusOr<std::vector<uint64_t>> {
        *response.mutable_position() = PositionAt(last_index);
        if (state.tables.count(request.name()) == 0) {
          return NoSuch("table", "数据表", request.name());
        }
        return LoadedAt(request.name());
      });
  RETURN_IF_ERROR(indexes.status());
  for (auto index = indexes->rbegin(); index != indexes->rend(); ++index) {
    ASSIGN_OR_RETURN(v1::TableLoaded loaded, TableAt(*index));
    if (!wanted.empty() && loaded.sha256() != wanted) continue;
    response.set_content(std::move(*loaded.mutable_content()));
    response.set_sha256(loaded.sha256());
    return response;
  }
  return NoSuch("version of table", "该版本的数据表", request.name());
}

absl::StatusOr<v1::GetProfilesResponse> Reads::Get(
    const Caller& caller, const v1::GetProfilesRequest&) const {
  v1::GetProfilesResponse response;
  std::vector<v1::ProfileRef> loaded;
  // Entries that loaded versions which are not the newest of their name.
  std::vector<uint64_t> older;
  RETURN_IF_ERROR(parts_.acknowledged.WithIndex(
      [&](const State& state, uint64_t last_index) -> absl::Status {
        *response.mutable_position() = PositionAt(last_index);
        AddInForce(state, caller.now_ms, response);
        for (const auto& [name, table] : state.tables) {
          if (!absl::StartsWith(name, registry::kProfileTablePrefix)) continue;
          loaded.push_back(RefOf(name, std::string(table.sha256.text())));
          if (table.version == 1) continue;
          ASSIGN_OR_RETURN(auto indexes, LoadedAt(name));
          if (!indexes.empty()) indexes.pop_back();
          older.insert(older.end(), indexes.begin(), indexes.end());
        }
        return absl::OkStatus();
      }));
  for (const uint64_t index : older) {
    ASSIGN_OR_RETURN(const v1::TableLoaded table, TableAt(index));
    loaded.push_back(RefOf(table.name(), table.sha256()));
  }
  std::sort(loaded.begin(), loaded.end(), Before);
  loaded.erase(std::unique(loaded.begin(), loaded.end(), Same), loaded.end());
  for (v1::ProfileRef& ref : loaded) *response.add_loaded() = std::move(ref);
  return response;
}

}  // namespace dataip::registryd
