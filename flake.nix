# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# nix run . -- preflight stage0-posix; nix build . makes result/bin/assay and the rest.
{
  description = "Derives every byte of a bootstrap twice, and says where the two derivations part";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs = { self, nixpkgs }:
    let
      system = "x86_64-linux";
      pkgs = nixpkgs.legacyPackages.${system};
      assay = pkgs.stdenv.mkDerivation {
        pname = "assay";
        version = "0.1.0";
        src = self;
        nativeBuildInputs = [ pkgs.cmake pkgs.ninja ];
        buildInputs = [
          pkgs.fmt
          pkgs.cli11
          pkgs.tl-expected
          pkgs.nlohmann_json
          pkgs.tomlplusplus
          pkgs.openssl
          pkgs.zlib
          pkgs.bzip2
          pkgs.xz
          pkgs.libarchive
          pkgs.e2fsprogs
        ];
        cmakeFlags = [
          "-DASSAY_TESTS=OFF"
          "-DASSAY_BENCH=OFF"
        ];
        ASSAY_COMMIT = self.rev or "unknown: not a commit";
        meta = {
          description = "Check of bootstrap seeds, trees and images before booting them";
          license = "GPL-3.0-or-later";
          mainProgram = "assay";
          platforms = [ system ];
        };
      };
    in
    {
      packages.${system} = { inherit assay; default = assay; };
      apps.${system}.default = { type = "app"; program = "${assay}/bin/assay"; };
      devShells.${system}.default = pkgs.mkShell {
        inputsFrom = [ assay ];
        packages = [ pkgs.gtest pkgs.gbenchmark pkgs.python3 ];
      };
    };
}
