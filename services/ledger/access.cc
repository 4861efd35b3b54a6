#include "services/ledger/access.h"

#include "absl/strings/str_cat.h"
#include "services/common/error.h"
#include "services/common/tls.h"

namespace dataip::ledger {

absl::Status Access::CheckWriter(const grpc::ServerContextBase& context) const {
  if (!tls) {
    if (services::IsLocalPeer(context)) return absl::OkStatus();
    return services::MakeStatus(
        rpc::v1::NOT_ALLOWED,
        {"without TLS only programs on this machine may write",
         "未启用 TLS 时只有本机程序可以写入"});
  }
  const auto actor = services::PeerActor(context);
  if (actor.has_value() && writers.contains(*actor)) return absl::OkStatus();
  const std::string name = actor.value_or("");
  return services::MakeStatus(
      rpc::v1::NOT_ALLOWED,
      {absl::StrCat("\"", name,
                    "\" is not a writer of this ledger; the "
                    "operator can add it as `writer`"),
       absl::StrCat("「", name,
                    "」不是本账本的写入方；运维人员可用 writer 配置项添加")});
}

absl::Status Access::CheckOperator(
    const grpc::ServerContextBase& context) const {
  if (!tls) {
    if (services::IsLocalPeer(context)) return absl::OkStatus();
    return services::MakeStatus(
        rpc::v1::NOT_ALLOWED,
        {"without TLS only programs on this machine may operate the ledger",
         "未启用 TLS 时只有本机程序可以运维账本"});
  }
  const auto actor = services::PeerActor(context);
  if (actor.has_value() && operators.contains(*actor)) return absl::OkStatus();
  const std::string name = actor.value_or("");
  return services::MakeStatus(
      rpc::v1::NOT_ALLOWED,
      {absl::StrCat("\"", name,
                    "\" does not operate this ledger; its configuration can "
                    "name it as `operator`"),
       absl::StrCat("「", name,
                    "」不是本账本的运维方；可用 operator 配置项添加")});
}

bool Access::MayReadPayloads(const grpc::ServerContextBase& context) const {
  if (!tls) return services::IsLocalPeer(context);
  const auto actor = services::PeerActor(context);
  return actor.has_value() &&
         (payload_readers.contains(*actor) || writers.contains(*actor));
}

}  // namespace dataip::ledger
