"""`make bench`: every measurement there is, one after the other."""

from bench import funding, lists

if __name__ == "__main__":
    funding.main()
    lists.main()
