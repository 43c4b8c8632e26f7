"""What dineutrino costs, side by side with flavio and EOS: `python -m benchmarks` from the top of the repository."""
