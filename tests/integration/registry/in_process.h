// A registry in the test's own process.
#pragma once

#include <cstdint>
#include <functional>
#include <utility>

#include "services/registry/registry.h"
#include "tests/integration/registry/bureau.h"
#include "tests/support/status_matchers.h"

namespace dataip::test {

// In the folder of the bureau's, whose own is to be stopped before.
inline registryd::RegistryOptions OptionsOf(Bureau& bureau,
                                            std::function<int64_t()> now_ms) {
  const auto pem = [&](const std::string& name) {
    return ReadFile(bureau.dir / name);
  };
  const auto signer = registryd::CertificateSigner::Create(
      {pem("issuing-sm2.pem"), pem("issuing-sm2-chain.pem")},
      {pem("issuing-p256.pem"), pem("issuing-p256-chain.pem")});
  EXPECT_OK(signer);
  return {bureau.dir / "registry",
          *client::MakeChannel(bureau.ledger_address, bureau.TlsOf("registry")),
          *signer,
          registryd::ClockActor(bureau.Key("clock")),
          2,
          std::move(now_ms)};
}

}  // namespace dataip::test
